import { beforeEach, describe, expect, test } from "vitest";
import type { stateid4 } from "../../../src/nfs4/types.ts";
import type { Inode } from "../../../src/server/fs/inode.ts";
import {
  BOTH,
  closeArgs,
  lockArgs,
  lockStateid,
  NONE,
  openArgs,
  openStateid,
  READ,
  readArgs,
  unlockArgs,
  WANT,
  WRITE,
  writeArgs,
} from "../../support/stateful-operations.ts";
import {
  ANONYMOUS,
  BYPASS,
  CURRENT,
  INVALID,
  type StatefulClient,
  StatefulServer,
} from "../../support/stateful-server.ts";

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

/** What READ and WRITE say to the stateid. */
async function readAndWrite(client: StatefulClient, stateid: stateid4, at = file): Promise<string[]> {
  return [
    await client.at(at).status("READ", readArgs(stateid)),
    await client.at(at).status("WRITE", writeArgs(stateid, "x")),
  ];
}

describe("reading and writing", () => {
  test.each([
    ["reading", READ, ["NFS4_OK", "NFS4ERR_OPENMODE"]],
    ["writing", WRITE, ["NFS4ERR_OPENMODE", "NFS4_OK"]],
    ["both", BOTH, ["NFS4_OK", "NFS4_OK"]],
  ])("with an open for %s", async (_, access, expected) => {
    expect(await readAndWrite(alice, await openStateid(alice, file, { access: access | WANT.none }))).toEqual(expected);
  });

  test("with a lock: as its open has it", async () => {
    const open = await openStateid(alice, file, { access: WRITE });
    const lock = await lockStateid(alice, file, lockArgs(open));
    expect(await readAndWrite(alice, lock)).toEqual(["NFS4ERR_OPENMODE", "NFS4_OK"]);
  });

  test.each([
    ["anonymous", ANONYMOUS, NONE, ["NFS4_OK", "NFS4_OK"]],
    ["anonymous", ANONYMOUS, READ, ["NFS4ERR_LOCKED", "NFS4_OK"]],
    ["anonymous", ANONYMOUS, WRITE, ["NFS4_OK", "NFS4ERR_LOCKED"]],
    ["anonymous", ANONYMOUS, BOTH, ["NFS4ERR_LOCKED", "NFS4ERR_LOCKED"]],
    ["bypass", BYPASS, BOTH, ["NFS4_OK", "NFS4ERR_LOCKED"]],
    ["invalid", INVALID, NONE, ["NFS4ERR_BAD_STATEID", "NFS4ERR_BAD_STATEID"]],
    ["current without one", CURRENT, NONE, ["NFS4ERR_BAD_STATEID", "NFS4ERR_BAD_STATEID"]],
  ])("with the special stateid: %s, while an open denies something", async (_, stateid, deny, expected) => {
    await openStateid(bob, file, { access: READ | WANT.none, deny });
    expect(await readAndWrite(alice, stateid)).toEqual(expected);
  });

  test("with what is not good for it", async () => {
    const bad = ["NFS4ERR_BAD_STATEID", "NFS4ERR_BAD_STATEID"];
    const open = await openStateid(alice, file, { access: BOTH });
    expect(await readAndWrite(bob, open)).toEqual(bad);
    expect(await readAndWrite(alice, open, server.file("g"))).toEqual(bad);
    expect(await readAndWrite(alice, { ...open, seqid: 2 })).toEqual(bad);
    await alice.at(file).ok("CLOSE", closeArgs(open));
    expect(await readAndWrite(alice, open)).toEqual(bad);
  });

  test("with an old seqid, and with that of the latest", async () => {
    const first = await openStateid(alice, file, { access: BOTH });
    const second = await openStateid(alice, file, { access: READ | WANT.none });
    expect(second).toEqual({ ...first, seqid: 2 });
    expect(await readAndWrite(alice, first)).toEqual(["NFS4ERR_OLD_STATEID", "NFS4ERR_OLD_STATEID"]);
    expect(await readAndWrite(alice, { ...first, seqid: 0 })).toEqual(["NFS4_OK", "NFS4_OK"]);
  });

  test("without an open waits for the end of grace, but for READ that bypasses", async () => {
    server.restart(["somebody"]);
    expect(await readAndWrite(alice, ANONYMOUS)).toEqual(["NFS4ERR_GRACE", "NFS4ERR_GRACE"]);
    expect(await readAndWrite(alice, BYPASS)).toEqual(["NFS4_OK", "NFS4ERR_GRACE"]);
    await server.timers.advance(60_000);
    expect(await readAndWrite(alice, ANONYMOUS)).toEqual(["NFS4_OK", "NFS4_OK"]);
  });
});

describe("the current stateid", () => {
  test("is what OPEN, LOCK and LOCKU left, and nothing after CLOSE", async () => {
    const compound = alice.at(file);
    await compound.ok("OPEN", openArgs({ access: BOTH }));
    await compound.ok("WRITE", writeArgs(CURRENT, "new"));
    await compound.ok("LOCK", lockArgs(CURRENT));
    await compound.ok("READ", readArgs(CURRENT));
    await compound.ok("LOCKU", unlockArgs(CURRENT));
    await compound.ok("FREE_STATEID", { fsa_stateid: CURRENT });
    await compound.ok("OPEN", openArgs({ access: BOTH }));
    await compound.ok("OPEN_DOWNGRADE", { open_stateid: CURRENT, seqid: 0, share_access: BOTH, share_deny: NONE });
    await compound.ok("CLOSE", closeArgs(CURRENT));
    expect(await compound.status("READ", readArgs(CURRENT))).toBe("NFS4ERR_BAD_STATEID");
    expect(server.states.table.size).toBe(0);
  });

  test("is saved and restored with the filehandle", async () => {
    const compound = alice.at(file);
    await compound.ok("OPEN", openArgs({ access: BOTH }));
    await compound.ok("SAVEFH");
    await compound.ok("PUTROOTFH");
    expect(await compound.status("READ", readArgs(CURRENT))).toBe("NFS4ERR_ISDIR");
    await compound.ok("RESTOREFH");
    await compound.ok("READ", readArgs(CURRENT));
  });

  test("keeps its seqid for CLOSE, so that no open made meanwhile is lost", async () => {
    const compound = alice.at(file);
    await compound.ok("OPEN", openArgs());
    await openStateid(alice, file, { access: BOTH });
    await compound.ok("READ", readArgs(CURRENT));
    expect(await compound.status("CLOSE", closeArgs(CURRENT))).toBe("NFS4ERR_OLD_STATEID");
  });
});

describe("TEST_STATEID and FREE_STATEID", () => {
  test("of an open", async () => {
    const open = await openStateid(alice, file);
    const codes = async (...ts_stateids: stateid4[]) =>
      (await alice.at().ok<{ tsr_resok4: { tsr_status_codes: number[] } }>("TEST_STATEID", { ts_stateids })).tsr_resok4
        .tsr_status_codes;
    expect(await codes(open, { ...open, seqid: 9 }, ANONYMOUS, BYPASS, CURRENT)).toEqual([
      0, 10025, 10025, 10025, 10025,
    ]);
    expect(await codes()).toEqual([]);
    expect(await alice.at().status("FREE_STATEID", { fsa_stateid: open })).toBe("NFS4ERR_LOCKS_HELD");
  });

  test("of locks: they can be freed once none is held", async () => {
    const open = await openStateid(alice, file, { access: BOTH });
    const held = await lockStateid(alice, file, lockArgs(open));
    expect(await alice.at().status("FREE_STATEID", { fsa_stateid: held })).toBe("NFS4ERR_LOCKS_HELD");
    const { lock_stateid } = await alice.at(file).ok<{ lock_stateid: stateid4 }>("LOCKU", unlockArgs(held));
    expect(await alice.at().status("FREE_STATEID", { fsa_stateid: held })).toBe("NFS4ERR_OLD_STATEID");
    expect(await bob.at().status("FREE_STATEID", { fsa_stateid: lock_stateid })).toBe("NFS4ERR_BAD_STATEID");
    expect(await alice.at().status("FREE_STATEID", { fsa_stateid: ANONYMOUS })).toBe("NFS4ERR_BAD_STATEID");
    await alice.at().ok("FREE_STATEID", { fsa_stateid: lock_stateid });
    expect(alice.record.stateCount).toBe(1);
  });
});

describe("all state", () => {
  test("of a client goes with it, and nobody else's", async () => {
    const open = await openStateid(alice, file, { access: BOTH });
    await lockStateid(alice, file, lockArgs(open));
    const other = await openStateid(bob, file, { access: BOTH });
    server.states.dropClient(alice.record);
    expect([alice.record.stateCount, bob.record.stateCount, file.openCount]).toEqual([0, 1, 1]);
    expect(server.states.files.peek(file)?.locks.ranges).toEqual([]);
    expect(await readAndWrite(bob, other)).toEqual(["NFS4_OK", "NFS4_OK"]);
  });

  test("goes when the server restarts, and files that only opens held", async () => {
    const open = await openStateid(alice, file, { access: BOTH });
    await lockStateid(alice, file, lockArgs(open));
    await alice.at().ok("REMOVE", { target: "f" });
    expect(server.fileSystem.space.used).toBeGreaterThan(0);
    server.restart([]);
    expect([server.states.table.size, server.fileSystem.space.used]).toEqual([0, 0]);
    expect(server.states.files.peek(file)).toBeNull();
    expect(await readAndWrite(alice, open)).toEqual(["NFS4ERR_STALE", "NFS4ERR_STALE"]);
  });

  test("has bounds: an open too many leaves no file behind", async () => {
    const small = new StatefulServer({ states: { statesMax: 10, clientStatesMax: 2 } });
    const greedy = small.client();
    const inode = small.file("f");
    for (const owner of ["one", "two"]) await openStateid(greedy, inode, { owner });
    expect(await greedy.at(inode).status("OPEN", openArgs({ owner: "three" }))).toBe("NFS4ERR_DELAY");
    await openStateid(small.client(), inode);
  });
});
