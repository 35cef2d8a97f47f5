import { beforeEach, describe, expect, test } from "vitest";
import { READ4res } from "../../../src/nfs4/ops/io.ts";
import { type Inode, NF4DIR, NF4FIFO, NF4LNK } from "../../../src/server/fs/inode.ts";
import { bulkBytesMax, SERVER_OPTIONS } from "../../../src/server/options.ts";
import { encodedLength, userOf } from "../../support/server-context.ts";
import { BOTH, openArgs, openStateid, readArgs, writeArgs } from "../../support/stateful-operations.ts";
import { ANONYMOUS, BYPASS, CURRENT, type StatefulClient, StatefulServer } from "../../support/stateful-server.ts";

interface ReadOutcome {
  readonly status: number;
  readonly resok4: { readonly eof: boolean; readonly data: { readonly length: number; readonly bytes: Uint8Array } };
}

const U64_MAX = 0xffff_ffff_ffff_ffffn;
const STRANGER = userOf(200);

let server: StatefulServer;
let client: StatefulClient;
let file: Inode;

beforeEach(() => {
  server = new StatefulServer();
  client = server.client();
  file = server.file("f", "contents");
});

const types = [
  ["a directory", NF4DIR, "NFS4ERR_ISDIR"],
  ["a symbolic link", NF4LNK, "NFS4ERR_SYMLINK"],
  ["a pipe", NF4FIFO, "NFS4ERR_WRONG_TYPE"],
] as const;

describe("READ", () => {
  test.each([
    [0n, 8, "contents", true],
    [0n, 7, "content", false],
    [3n, 100, "tents", true],
    [3n, 0, "", false],
    [8n, 1, "", true],
    [U64_MAX, 1, "", true],
    [0n, 0xffff_ffff, "contents", true],
  ])("from %i on, %i bytes", async (offset, count, text, eof) => {
    const { resok4 } = await client.at(file).ok<ReadOutcome>("READ", readArgs(ANONYMOUS, offset, count));
    expect(Buffer.from(resok4.data.bytes).toString()).toBe(text);
    expect(resok4.eof).toBe(eof);
  });

  test("gives no more than there is room for in the reply, and than a reply holds at all", async () => {
    file.data.write(0, new Uint8Array(3 * 1024 * 1024).fill(1));
    for (const room of [16, 20, 21, 22, 23, 24, 1000, 1001]) {
      const compound = client.at(file);
      compound.context.room = room;
      const { status, ...result } = await compound.ok<ReadOutcome>("READ", readArgs(ANONYMOUS, 0n, 5000));
      // The operation's number goes before the result.
      expect(encodedLength(READ4res, { ...result, status }) + 4).toBeLessThanOrEqual(room);
      expect(room - encodedLength(READ4res, { ...result, status }) - 4).toBeLessThan(8);
      expect(result.resok4.eof).toBe(false);
    }
    const { resok4 } = await client.at(file).ok<ReadOutcome>("READ", readArgs(ANONYMOUS, 0n, 0xffff_ffff));
    expect(resok4.data.length).toBe(bulkBytesMax(SERVER_OPTIONS));
  });

  test.each(types)("of %s", async (_, type, status) => {
    expect(await client.at(server.file("other", "", { type })).status("READ", readArgs(ANONYMOUS))).toBe(status);
  });

  test("without an open takes permission, with one it was asked for before", async () => {
    file.mode = 0o600;
    for (const stateid of [ANONYMOUS, BYPASS]) {
      expect(await client.at(file, STRANGER).status("READ", readArgs(stateid))).toBe("NFS4ERR_ACCESS");
    }
    const compound = client.at(file);
    await compound.ok("OPEN", openArgs());
    await compound.ok("READ", readArgs(CURRENT));
    const stateid = compound.context.currentStateid ?? ANONYMOUS;
    expect(await client.at(file, STRANGER).status("READ", readArgs(stateid))).toBe("NFS4_OK");
  });
});

describe("WRITE", () => {
  test("puts the bytes there, says that they stay, and changes the file", async () => {
    const before = file.change;
    await server.timers.advance(5);
    const { resok4 } = await client.at(file).ok<{ resok4: object }>("WRITE", writeArgs(ANONYMOUS, "xyz", 6n));
    expect(resok4).toEqual({ count: 3, committed: 2, writeverf: server.services.writeVerifier });
    expect(Buffer.from(file.data.read(0, 100)).toString()).toBe("contenxyz");
    expect(file.change).toBeGreaterThan(before);
    expect(file.modifiedAt).toBe(server.fileSystem.now);
  });

  test("of nothing changes nothing", async () => {
    const before = file.change;
    const { resok4 } = await client.at(file).ok<{ resok4: object }>("WRITE", writeArgs(ANONYMOUS, "", 100n));
    expect(resok4).toMatchObject({ count: 0 });
    expect([file.change, file.size]).toEqual([before, 8]);
  });

  test("takes the rights away that a program had", async () => {
    file.mode = 0o6755;
    await client.at(file).ok("WRITE", writeArgs(ANONYMOUS, "x"));
    expect(file.mode).toBe(0o755);
  });

  test.each([
    ["beyond all files", 2n ** 44n, "NFS4ERR_FBIG"],
    ["beyond all offsets", U64_MAX, "NFS4ERR_FBIG"],
  ])("%s", async (_, offset, status) => {
    expect(await client.at(file).status("WRITE", writeArgs(ANONYMOUS, "x", offset))).toBe(status);
    expect(file.size).toBe(8);
  });

  test("of more than there is space for leaves the file as it was", async () => {
    const small = new StatefulServer({ fileSystem: { bytesMax: 1024 } });
    const inode = small.file("f", "contents");
    const compound = small.client().at(inode);
    expect(await compound.status("WRITE", writeArgs(ANONYMOUS, "x".repeat(2000)))).toBe("NFS4ERR_NOSPC");
    expect(Buffer.from(inode.data.read(0, 100)).toString()).toBe("contents");
  });

  test.each(types)("to %s", async (_, type, status) => {
    expect(await client.at(server.file("other", "", { type })).status("WRITE", writeArgs(ANONYMOUS, "x"))).toBe(status);
  });

  test("without an open takes permission", async () => {
    file.mode = 0o604;
    expect(await client.at(file, STRANGER).status("WRITE", writeArgs(ANONYMOUS, "x"))).toBe("NFS4ERR_ACCESS");
  });

  test("to a file that was removed earlier in the compound: it is stale, and takes no space", async () => {
    const compound = client.at(file);
    await compound.ok("SAVEFH");
    await compound.ok("PUTROOTFH");
    await compound.ok("REMOVE", { target: "f" });
    await compound.ok("RESTOREFH");
    expect(await compound.status("WRITE", writeArgs(ANONYMOUS, "x"))).toBe("NFS4ERR_STALE");
    expect(server.fileSystem.space.used).toBe(0);
  });
});

describe("COMMIT", () => {
  test("says the verifier that WRITE said", async () => {
    const { resok4 } = await client.at(file).ok<{ resok4: object }>("COMMIT", { offset: 0n, count: 0 });
    expect(resok4).toEqual({ writeverf: server.services.writeVerifier });
  });

  test("of a range that there is not, and of what is no file", async () => {
    expect(await client.at(file).status("COMMIT", { offset: U64_MAX, count: 1 })).toBe("NFS4_OK");
    expect(await client.at().status("COMMIT", { offset: 0n, count: 0 })).toBe("NFS4ERR_ISDIR");
  });
});

test("bytes written through one stateid are read through another", async () => {
  const stateid = await openStateid(client, file, { access: BOTH });
  await client.at(file).ok("WRITE", writeArgs(stateid, "new"));
  const { resok4 } = await client.at(file).ok<ReadOutcome>("READ", readArgs(ANONYMOUS, 0n, 3));
  expect(Buffer.from(resok4.data.bytes).toString()).toBe("new");
});
