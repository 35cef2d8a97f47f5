import { beforeEach, describe, expect, test } from "vitest";
import type { OPEN4args, OPEN4res } from "../../../src/nfs4/ops/open.ts";
import { type Inode, NF4DIR, NF4FIFO, NF4LNK } from "../../../src/server/fs/inode.ts";
import { bitsOf } from "../../../src/xdr/types.ts";
import { userOf } from "../../support/server-context.ts";
import {
  BOTH,
  byNameClaim,
  CLAIM,
  CREATE_MODE,
  closeArgs,
  creating,
  NONE,
  type OpenWish,
  openArgs,
  openStateid,
  READ,
  readArgs,
  WANT,
  WRITE,
  writeArgs,
} from "../../support/stateful-operations.ts";
import { CURRENT, INVALID, type StatefulClient, StatefulServer } from "../../support/stateful-server.ts";

type Opened = NonNullable<OPEN4res["resok4"]>;

const SIZE = 4;
const MODE = 33;
const OWNER = userOf(100);
const STRANGER = userOf(200);

let server: StatefulServer;
let alice: StatefulClient;
let bob: StatefulClient;
let file: Inode;

beforeEach(() => {
  server = new StatefulServer();
  alice = server.client("alice");
  bob = server.client("bob");
  file = server.file("f", "contents");
});

/** OPEN of a name in the root. */
const named = (name: string, wish: OpenWish = {}) => openArgs({ claim: byNameClaim(name), ...wish });
const statusOf = (args: OPEN4args, at = file, client = alice) => client.at(at).status("OPEN", args);

async function open(args: OPEN4args, client = alice, user = userOf(0)): Promise<Opened> {
  const { resok4 } = await client.at(undefined, user).ok<{ resok4: Opened }>("OPEN", args);
  return resok4;
}

describe("OPEN of a file that is there", () => {
  test("by name: it becomes the current one, and the directory stays as it is", async () => {
    const compound = alice.at();
    const before = server.fileSystem.root.change;
    const { resok4 } = await compound.ok<{ resok4: Opened }>("OPEN", named("f", { access: BOTH }));
    expect(resok4).toMatchObject({ stateid: { seqid: 1 }, rflags: 4, cinfo: { atomic: true, before, after: before } });
    expect(compound.context.current).toBe(file);
    await compound.ok("WRITE", writeArgs(CURRENT, "new"));
    const { resok4: read } = await compound.ok<{ resok4: { data: { bytes: Uint8Array } } }>("READ", readArgs(CURRENT));
    expect(Buffer.from(read.data.bytes).toString()).toBe("newtents");
  });

  test.each([
    ["a name that is not there", named("g"), "NFS4ERR_NOENT"],
    ["an empty name", named(""), "NFS4ERR_INVAL"],
    ["a directory", named("d"), "NFS4ERR_ISDIR"],
    ["a symbolic link", named("l"), "NFS4ERR_SYMLINK"],
    ["a pipe", named("p"), "NFS4ERR_WRONG_TYPE"],
    ["no access at all", named("f", { access: 0 }), "NFS4ERR_INVAL"],
    ["access that there is not", named("f", { access: READ | 4 }), "NFS4ERR_INVAL"],
    ["a wish that there is not", named("f", { access: READ | 0x600 }), "NFS4ERR_INVAL"],
    ["to deny what there is not", named("f", { deny: 4 }), "NFS4ERR_INVAL"],
    [
      "what a client before had delegated",
      openArgs({ claim: { claim: CLAIM.delegatePrev, file_delegate_prev: "f" } }),
      "NFS4ERR_RECLAIM_BAD",
    ],
    ["to create without a name", openArgs({ how: creating(CREATE_MODE.unchecked) }), "NFS4ERR_INVAL"],
    [
      "to reclaim when nothing was lost",
      openArgs({ claim: { claim: CLAIM.previous, delegate_type: 0 } }),
      "NFS4ERR_NO_GRACE",
    ],
  ] as const)("is refused: %s", async (_, args, status) => {
    const { fileSystem } = server;
    for (const [name, type] of [
      ["d", NF4DIR],
      ["l", NF4LNK],
      ["p", NF4FIFO],
    ] as const) {
      fileSystem.create(fileSystem.root, name, { type, mode: 0o777, uid: 0, gid: 0 });
    }
    expect(await statusOf(args, fileSystem.root)).toBe(status);
    expect(server.states.table.size).toBe(0);
  });

  test("by name in what is no directory", async () => {
    expect(await statusOf(named("x"), file)).toBe("NFS4ERR_NOTDIR");
    const link = server.file("l", "", { type: NF4LNK });
    expect(await statusOf(named("x"), link)).toBe("NFS4ERR_SYMLINK");
  });

  test.each([
    [0o400, READ, "NFS4_OK", "NFS4ERR_ACCESS"],
    [0o200, READ, "NFS4ERR_ACCESS", "NFS4ERR_ACCESS"],
    [0o200, WRITE, "NFS4_OK", "NFS4ERR_ACCESS"],
    [0o604, BOTH, "NFS4_OK", "NFS4ERR_ACCESS"],
    [0o006, BOTH, "NFS4ERR_ACCESS", "NFS4_OK"],
  ])("with mode %o for %i: the mode decides", async (mode, access, ofOwner, ofStranger) => {
    const inode = server.file("m", "", { mode, uid: 100, gid: 100 });
    expect(await alice.at(inode, OWNER).status("OPEN", openArgs({ access }))).toBe(ofOwner);
    expect(await alice.at(inode, STRANGER).status("OPEN", openArgs({ access }))).toBe(ofStranger);
  });
});

describe("OPEN that creates", () => {
  test("makes the file with its attributes, open whatever its mode says", async () => {
    const how = creating(CREATE_MODE.guarded, { mode: 0o400, size: 5n });
    const { attrset, cinfo } = await open(named("new", { access: BOTH, how }), alice, OWNER);
    const made = server.fileSystem.lookup(server.fileSystem.root, "new");
    expect(made).toMatchObject({ mode: 0o400, uid: 100, gid: 100, size: 5, openCount: 1 });
    expect(bitsOf(attrset)).toEqual([SIZE, MODE]);
    expect(cinfo.after).toBe(server.fileSystem.root.change);
    expect(cinfo.before).not.toBe(cinfo.after);
  });

  test.each([
    ["unchecked", creating(CREATE_MODE.unchecked), "NFS4_OK"],
    ["guarded", creating(CREATE_MODE.guarded), "NFS4ERR_EXIST"],
    ["exclusive", creating(CREATE_MODE.exclusive), "NFS4ERR_EXIST"],
    ["exclusive, of 4.1", creating(CREATE_MODE.exclusive41), "NFS4ERR_EXIST"],
  ])("meets a file that is there: %s", async (_, how, status) => {
    expect(await statusOf(named("f", { how }), server.fileSystem.root)).toBe(status);
    expect(file.size).toBe(8);
  });

  test.each([CREATE_MODE.exclusive, CREATE_MODE.exclusive41])(
    "exclusively (%i) and again, with the same verifier",
    async (mode) => {
      const attributes = mode === CREATE_MODE.exclusive ? {} : { mode: 0o400 };
      const args = named("new", { access: BOTH, how: creating(mode, attributes, 7) });
      const first = await open(args, alice, OWNER);
      const again = await open(args, alice, OWNER);
      expect(again.stateid).toEqual({ ...first.stateid, seqid: 2 });
      expect(again.attrset).toEqual(first.attrset);
      const other = named("new", { access: BOTH, how: creating(mode, attributes, 8) });
      expect(await statusOf(other, server.fileSystem.root)).toBe("NFS4ERR_EXIST");
      // The verifier opens nothing to somebody else.
      if (mode === CREATE_MODE.exclusive41) {
        expect(await bob.at(undefined, STRANGER).status("OPEN", args)).toBe("NFS4ERR_ACCESS");
      }
    },
  );

  test("cuts a file off that is there", async () => {
    const before = file.change;
    const { attrset } = await open(named("f", { access: BOTH, how: creating(CREATE_MODE.unchecked, { size: 0n }) }));
    expect(bitsOf(attrset)).toEqual([SIZE]);
    expect(file.size).toBe(0);
    expect(file.change).toBeGreaterThan(before);
  });

  test("cuts nothing off when it fails, or when another size is asked for", async () => {
    const truncating = creating(CREATE_MODE.unchecked, { size: 0n });
    expect(await statusOf(named("f", { how: truncating }), server.fileSystem.root)).toBe("NFS4ERR_INVAL");
    await openStateid(bob, file, { deny: WRITE });
    const args = named("f", { access: BOTH, how: truncating });
    expect(await statusOf(args, server.fileSystem.root)).toBe("NFS4ERR_SHARE_DENIED");
    await open(named("f", { how: creating(CREATE_MODE.unchecked, { size: 3n, mode: 0 }) }));
    expect(file).toMatchObject({ size: 8, mode: 0o666 });
  });

  test("leaves nothing behind when it fails", async () => {
    const { fileSystem } = server;
    const attempts: [OPEN4args, string][] = [
      [named("new", { how: creating(CREATE_MODE.guarded, { owner: "7" }) }), "NFS4ERR_PERM"],
      [named("new", { how: creating(CREATE_MODE.guarded, { owner: "nobody" }) }), "NFS4ERR_BADOWNER"],
      [named("new", { how: creating(CREATE_MODE.exclusive41, { type: 1 }) }), "NFS4ERR_INVAL"],
    ];
    for (const [args, status] of attempts) {
      expect(await alice.at(undefined, OWNER).status("OPEN", args)).toBe(status);
      expect(fileSystem.find(fileSystem.root, "new")).toBeNull();
    }
    const full = new StatefulServer({ states: { statesMax: 0, clientStatesMax: 0 } });
    expect(
      await full
        .client()
        .at()
        .status("OPEN", named("new", { how: creating(CREATE_MODE.guarded) })),
    ).toBe("NFS4ERR_DELAY");
    expect(full.fileSystem.find(full.fileSystem.root, "new")).toBeNull();
  });

  test("wants permission to write to the directory", async () => {
    server.fileSystem.root.mode = 0o755;
    const args = named("new", { how: creating(CREATE_MODE.guarded) });
    expect(await alice.at(undefined, OWNER).status("OPEN", args)).toBe("NFS4ERR_ACCESS");
  });
});

describe("share reservations", () => {
  test("stop others, and the same owner as well", async () => {
    await openStateid(alice, file, { access: READ | WANT.none, deny: WRITE });
    const writing = { access: WRITE | WANT.none };
    expect(await statusOf(openArgs({ ...writing, owner: "other" }))).toBe("NFS4ERR_SHARE_DENIED");
    expect(await statusOf(openArgs(writing))).toBe("NFS4ERR_SHARE_DENIED");
    expect(await statusOf(openArgs(writing), file, bob)).toBe("NFS4ERR_SHARE_DENIED");
    expect(await statusOf(openArgs({ deny: READ }), file, bob)).toBe("NFS4ERR_SHARE_DENIED");
    expect(await statusOf(openArgs(), file, bob)).toBe("NFS4_OK");
  });

  test("of an owner add up under one stateid, and end with one CLOSE", async () => {
    const first = await openStateid(alice, file, { access: READ | WANT.none });
    const second = await openStateid(alice, file, { access: WRITE, deny: READ }).catch(() => null);
    // Its own open for reading stands in the way.
    expect(second).toBeNull();
    const widened = await openStateid(alice, file, { access: WRITE, deny: NONE });
    expect(widened).toEqual({ ...first, seqid: 2 });
    const result = await alice.at(file).ok<{ open_stateid: object }>("CLOSE", closeArgs(widened));
    expect(result.open_stateid).toEqual(INVALID);
    expect([file.openCount, server.states.table.size]).toEqual([0, 0]);
  });
});

describe("OPEN_DOWNGRADE", () => {
  const downgrade = (open_stateid: object, share_access: number, share_deny = NONE) =>
    alice.at(file).status("OPEN_DOWNGRADE", { open_stateid, seqid: 0, share_access, share_deny });

  test("to what one of the opens asked for", async () => {
    await openStateid(alice, file, { access: READ | WANT.none });
    const stateid = await openStateid(alice, file, { access: BOTH, deny: NONE });
    expect(await downgrade(stateid, WRITE)).toBe("NFS4ERR_INVAL");
    expect(await downgrade(stateid, READ)).toBe("NFS4_OK");
    const less = { ...stateid, seqid: 3 };
    expect(await alice.at(file).status("WRITE", writeArgs(less, "x"))).toBe("NFS4ERR_OPENMODE");
    expect(await downgrade(less, BOTH)).toBe("NFS4ERR_INVAL");
    expect(await downgrade(less, READ)).toBe("NFS4_OK");
  });

  test("lets others in", async () => {
    await openStateid(alice, file, { access: READ | WANT.none });
    const stateid = await openStateid(alice, file, { access: READ | WANT.none, deny: WRITE });
    expect(await statusOf(openArgs({ access: WRITE }), file, bob)).toBe("NFS4ERR_SHARE_DENIED");
    expect(await downgrade(stateid, READ)).toBe("NFS4_OK");
    expect(await statusOf(openArgs({ access: WRITE }), file, bob)).toBe("NFS4_OK");
  });

  test.each([
    [0, NONE],
    [4, NONE],
    [READ, 4],
  ])("to %i and %i is no such thing", async (access, deny) => {
    expect(await downgrade(await openStateid(alice, file), access, deny)).toBe("NFS4ERR_INVAL");
  });
});

describe("after a restart", () => {
  const reclaim = openArgs({ claim: { claim: CLAIM.previous, delegate_type: 0 }, access: BOTH });

  test("opens are reclaimed by those known before, and new ones wait", async () => {
    server.restart(["carol"]);
    const carol = server.newClient("carol");
    expect(await statusOf(openArgs(), file, carol)).toBe("NFS4ERR_GRACE");
    expect(await statusOf(reclaim, file, carol)).toBe("NFS4_OK");
    expect(await statusOf(reclaim, file, server.newClient("mallory"))).toBe("NFS4ERR_NO_GRACE");
    expect(await statusOf({ ...reclaim, share_deny: WRITE }, file, carol)).toBe("NFS4ERR_RECLAIM_CONFLICT");
    carol.record.reclaim.complete(null);
    server.grace.complete(carol.record);
    expect(await statusOf(reclaim, file, carol)).toBe("NFS4ERR_NO_GRACE");
    expect(await statusOf(openArgs(), file, carol)).toBe("NFS4_OK");
  });

  test("a client opens nothing before it said that it has nothing to reclaim", async () => {
    expect(await statusOf(openArgs(), file, server.newClient("dave"))).toBe("NFS4ERR_GRACE");
  });
});

test("a file whose last name is gone lives until its last CLOSE", async () => {
  const stateid = await openStateid(alice, file, { access: BOTH });
  await alice.at().ok("REMOVE", { target: "f" });
  await alice.at(file).ok("WRITE", writeArgs(stateid, "more"));
  expect(server.fileSystem.space.used).toBeGreaterThan(0);
  await alice.at(file).ok("CLOSE", closeArgs(stateid));
  expect(server.fileSystem.space.used).toBe(0);
  expect(await statusOf(openArgs())).toBe("NFS4ERR_STALE");
});
