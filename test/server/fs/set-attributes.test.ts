import { describe, expect, test } from "vitest";
import type { AttributeValues } from "../../../src/nfs4/attributes.ts";
import { writeAttributes } from "../../../src/nfs4/fattr.ts";
import { FILE_BYTES_MAX } from "../../../src/server/fs/file-data.ts";
import type { Inode } from "../../../src/server/fs/inode.ts";
import { applyChange, readChange } from "../../../src/server/fs/set-attributes.ts";
import { integer, pick, random } from "../../support/random.ts";
import { ROOT, refusalOf, StatelessServer, userOf } from "../../support/server-context.ts";

const OWNER = userOf(10, 20, [21]);
const OTHER = userOf(11, 20);
const AT_CLIENT = { set_it: 1, time: { seconds: -5n, nseconds: 1 } };
const AT_SERVER = { set_it: 0 };

const changeOf = (values: AttributeValues, minorVersion = 2) => readChange(writeAttributes(values), minorVersion);

function fileOf(seed: { mode?: number } = {}): { server: StatelessServer; file: Inode } {
  const server = new StatelessServer();
  const file = server.add(server.root, "file", { mode: 0o640, uid: 10, gid: 20, ...seed });
  return { server, file };
}

describe("what is wished for", () => {
  test.each<[AttributeValues, string]>([
    [{}, "NFS4_OK"],
    [{ type: 1 }, "NFS4ERR_INVAL"],
    [{ rdattr_error: 0 }, "NFS4ERR_INVAL"],
    [{ archive: true }, "NFS4ERR_ATTRNOTSUPP"],
    [{ change_attr_type: 1 }, "NFS4ERR_INVAL"],
    [{ mode: 0o7777 }, "NFS4_OK"],
    [{ mode: 0o10000 }, "NFS4ERR_INVAL"],
    [{ owner: "0" }, "NFS4_OK"],
    [{ owner: "4294967294" }, "NFS4_OK"],
    [{ owner: "4294967295" }, "NFS4ERR_BADOWNER"],
    [{ owner: "somebody@example.org" }, "NFS4ERR_BADOWNER"],
    [{ owner: "" }, "NFS4ERR_BADOWNER"],
    [{ owner_group: "-1" }, "NFS4ERR_BADOWNER"],
    [{ owner_group: "1\udcff" }, "NFS4ERR_BADOWNER"],
    [{ time_modify_set: AT_CLIENT }, "NFS4_OK"],
    [{ time_access_set: { set_it: 1, time: { seconds: 0n, nseconds: 1_000_000_000 } } }, "NFS4ERR_INVAL"],
  ])("%o: %s", (values, status) => {
    expect(refusalOf(() => changeOf(values))).toBe(status);
  });

  test("an attribute of 4.2 is unknown to 4.1", () => {
    expect(refusalOf(() => changeOf({ change_attr_type: 1 }, 1))).toBe("NFS4ERR_ATTRNOTSUPP");
  });

  test("values that do not fit their mask", () => {
    const { attrmask, attr_vals } = writeAttributes({ size: 5n, mode: 0o600 });
    for (let length = 0; length < attr_vals.length; length++) {
      const cut = { attrmask, attr_vals: attr_vals.subarray(0, length) };
      expect(refusalOf(() => readChange(cut, 2))).toBe("NFS4ERR_BADXDR");
    }
    const long = { attrmask, attr_vals: new Uint8Array([...attr_vals, 0, 0, 0, 0]) };
    expect(refusalOf(() => readChange(long, 2))).toBe("NFS4ERR_BADXDR");
  });

  test("fuzz: whatever comes, a change or a refusal leaves", () => {
    const next = random(5);
    const { server, file } = fileOf();
    const good = writeAttributes({ mode: 0o600, owner: "10", owner_group: "20", time_modify_set: AT_CLIENT });
    const seen = new Set<string>();
    for (let round = 0; round < 30_000; round++) {
      const attr_vals = good.attr_vals.slice(0, integer(next, 0, 3) === 0 ? integer(next, 0, 60) : undefined);
      for (let i = integer(next, 0, 3); i > 0 && attr_vals.length > 0; i--) {
        attr_vals[integer(next, 0, attr_vals.length - 1)] = pick(next, [0, 1, 0x30, 0x39, 0x7f, 0x80, 0xff]);
      }
      const attrmask = [...good.attrmask];
      if (next() < 0.3) attrmask[integer(next, 0, 2)] = Math.floor(next() * 2 ** 32);
      seen.add(refusalOf(() => applyChange(file, readChange({ attrmask, attr_vals }, 2), ROOT, server.fileSystem.now)));
    }
    expect([...seen].sort()).toEqual([
      "NFS4ERR_ATTRNOTSUPP",
      "NFS4ERR_BADOWNER",
      "NFS4ERR_BADXDR",
      "NFS4ERR_INVAL",
      "NFS4_OK",
    ]);
  });
});

describe("who may", () => {
  const rows: [AttributeValues, number, string, string][] = [
    [{ mode: 0o600 }, 0o666, "NFS4_OK", "NFS4ERR_PERM"],
    [{ owner: "10" }, 0o666, "NFS4_OK", "NFS4ERR_PERM"],
    [{ owner: "11" }, 0o666, "NFS4ERR_PERM", "NFS4ERR_PERM"],
    [{ owner_group: "21" }, 0o666, "NFS4_OK", "NFS4ERR_PERM"],
    [{ owner_group: "20" }, 0o666, "NFS4_OK", "NFS4ERR_PERM"],
    [{ owner_group: "22" }, 0o666, "NFS4ERR_PERM", "NFS4ERR_PERM"],
    [{ time_modify_set: AT_CLIENT }, 0o666, "NFS4_OK", "NFS4ERR_PERM"],
    [{ time_access_set: AT_SERVER }, 0o666, "NFS4_OK", "NFS4_OK"],
    [{ time_access_set: AT_SERVER, time_modify_set: AT_CLIENT }, 0o666, "NFS4_OK", "NFS4ERR_PERM"],
    [{ time_access_set: AT_SERVER }, 0o444, "NFS4_OK", "NFS4ERR_PERM"],
    [{}, 0o000, "NFS4_OK", "NFS4_OK"],
  ];

  test.each(rows)("%o of a file of mode %o: owner %s, others %s", (values, mode, owner, other) => {
    for (const [user, status] of [
      [OWNER, owner],
      [OTHER, other],
      [ROOT, "NFS4_OK"],
    ] as const) {
      const { server, file } = fileOf({ mode });
      const before = { mode: file.mode, uid: file.uid, gid: file.gid, change: file.change };
      expect(refusalOf(() => applyChange(file, changeOf(values), user, server.fileSystem.now))).toBe(status);
      if (status !== "NFS4_OK") expect(file).toMatchObject(before);
    }
  });
});

describe("what it does", () => {
  test("times: the client's or the server's own", async () => {
    const { server, file } = fileOf();
    await server.timers.advance(1000);
    const { now } = server.fileSystem;
    const wish = changeOf({ time_access_set: AT_SERVER, time_modify_set: AT_CLIENT });
    applyChange(file, wish, OWNER, now);
    expect([file.accessedAt, file.modifiedAt, file.changedAt]).toEqual([now, -4_999_999_999n, now]);
  });

  test.each([
    [BigInt(FILE_BYTES_MAX), "NFS4_OK"],
    [BigInt(FILE_BYTES_MAX) + 1n, "NFS4ERR_FBIG"],
    [2n ** 64n - 1n, "NFS4ERR_FBIG"],
  ])("size %i: %s, and then nothing else is set", (size, status) => {
    const { server, file } = fileOf();
    expect(refusalOf(() => applyChange(file, changeOf({ size, mode: 0 }), OWNER, server.fileSystem.now))).toBe(status);
    expect([file.size, file.mode]).toEqual(status === "NFS4_OK" ? [Number(size), 0] : [0, 0o640]);
  });

  test("a size is a change of the contents", () => {
    const { server, file } = fileOf();
    const { change } = file;
    applyChange(file, changeOf({ size: 100n }), OWNER, server.fileSystem.now);
    expect([file.size, file.change > change]).toEqual([100, true]);
  });

  test.each<[AttributeValues, number]>([
    [{ owner: "11" }, 0o755],
    [{ owner_group: "21" }, 0o755],
    [{ owner: "10" }, 0o6755],
    [{ owner: "11", mode: 0o4711 }, 0o4711],
  ])("what is given away does not run as its owner unasked: %o", (values, mode) => {
    const { server, file } = fileOf({ mode: 0o6755 });
    applyChange(file, changeOf(values), ROOT, server.fileSystem.now);
    expect(file.mode.toString(8)).toBe(mode.toString(8));
  });
});
