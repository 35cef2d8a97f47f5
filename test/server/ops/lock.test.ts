import { beforeEach, describe, expect, test } from "vitest";
import type { LOCK4args } from "../../../src/nfs4/ops/lock.ts";
import type { stateid4 } from "../../../src/nfs4/types.ts";
import { type Inode, NF4DIR } from "../../../src/server/fs/inode.ts";
import {
  BOTH,
  CLAIM,
  closeArgs,
  type LockOutcome,
  type LockWish,
  lockArgs,
  lockMoreArgs,
  lockStateid,
  lockTestArgs,
  openStateid,
  READ,
  READ_LOCK,
  TO_END,
  unlockArgs,
  WANT,
  WRITE,
  WRITE_LOCK,
} from "../../support/stateful-operations.ts";
import { ANONYMOUS, type StatefulClient, StatefulServer } from "../../support/stateful-server.ts";

let server: StatefulServer;
let alice: StatefulClient;
let bob: StatefulClient;
let file: Inode;
let open: stateid4;

beforeEach(async () => {
  server = new StatefulServer();
  alice = server.client("alice");
  bob = server.client("bob");
  file = server.file("f");
  open = await openStateid(alice, file, { access: BOTH });
});

const lock = (args: LOCK4args, client = alice, at = file) => client.at(at).run<LockOutcome>("LOCK", args);
const lockStatus = (args: LOCK4args, client = alice, at = file) => client.at(at).status("LOCK", args);
const testLock = (wish: LockWish, client = bob) => client.at(file).run<LockOutcome>("LOCKT", lockTestArgs(wish));
const DENIED = 10010;

describe("LOCK", () => {
  test("counts the changes of an owner's locks from 1", async () => {
    const first = await lockStateid(alice, file, lockArgs(open, { offset: 0n, length: 10n }));
    expect(first.seqid).toBe(1);
    const second = await lockStateid(alice, file, lockMoreArgs(first, { offset: 20n, length: 10n }));
    expect(second).toEqual({ ...first, seqid: 2 });
    // The owner is known, though it asks as a new one.
    const third = await lockStateid(alice, file, lockArgs(open, { offset: 40n, length: 10n }));
    expect(third).toEqual({ ...first, seqid: 3 });
    expect(await lockStatus(lockMoreArgs(first))).toBe("NFS4ERR_OLD_STATEID");
    expect(server.states.files.peek(file)?.locks.ranges).toHaveLength(3);
  });

  test("says who is in the way, and remembers nothing of who got nothing", async () => {
    await lockStateid(
      alice,
      file,
      lockArgs(open, { type: WRITE_LOCK, offset: 10n, length: 5n, owner: "näme of\0any kind" }),
    );
    const other = await openStateid(bob, file, { access: BOTH });
    const { status, denied } = await lock(lockArgs(other, { type: READ_LOCK, offset: 14n, length: 1n }), bob);
    expect(status).toBe(DENIED);
    expect(denied).toEqual({
      offset: 10n,
      length: 5n,
      locktype: WRITE_LOCK,
      owner: { clientid: alice.record.clientId, owner: new Uint8Array(Buffer.from("näme of\0any kind")) },
    });
    expect(bob.record.stateCount).toBe(1);
  });

  test("to the end of the file is told as it was asked for", async () => {
    await lockStateid(alice, file, lockArgs(open, { offset: 7n, type: READ_LOCK }));
    const { denied } = await testLock({ offset: 1n << 63n, length: 1n });
    expect(denied).toMatchObject({ offset: 7n, length: TO_END, locktype: READ_LOCK });
  });

  test.each([
    [0n, 0n, "NFS4ERR_INVAL"],
    [1n, TO_END - 1n, "NFS4_OK"],
    [2n, TO_END - 1n, "NFS4ERR_INVAL"],
    [TO_END, 1n, "NFS4ERR_INVAL"],
    [TO_END - 1n, 1n, "NFS4_OK"],
    [TO_END, TO_END, "NFS4_OK"],
    [0n, TO_END, "NFS4_OK"],
  ])("from %i on, %i bytes: %s", async (offset, length, status) => {
    expect(await lockStatus(lockArgs(open, { offset, length }))).toBe(status);
    expect(await alice.at(file).status("LOCKT", lockTestArgs({ offset, length }))).toBe(status);
  });

  test("wants the file open for it", async () => {
    const reading = await openStateid(alice, file, { access: READ | WANT.none, owner: "reader" });
    const writing = await openStateid(alice, file, { access: WRITE, owner: "writer" });
    expect(await lockStatus(lockArgs(reading, { type: WRITE_LOCK }))).toBe("NFS4ERR_OPENMODE");
    expect(await lockStatus(lockArgs(writing, { type: READ_LOCK }))).toBe("NFS4ERR_OPENMODE");
    const held = await lockStateid(alice, file, lockArgs(reading, { type: READ_LOCK }));
    expect(await lockStatus(lockMoreArgs(held, { type: WRITE_LOCK }))).toBe("NFS4ERR_OPENMODE");
  });

  test("wants the right kind of stateid, of the right file and client", async () => {
    const held = await lockStateid(alice, file, lockArgs(open));
    const bad: [LOCK4args, StatefulClient, Inode][] = [
      [lockArgs(held), alice, file],
      [lockMoreArgs(open), alice, file],
      [lockArgs(ANONYMOUS), alice, file],
      [lockArgs(open), bob, file],
      [lockArgs(open), alice, server.file("g")],
    ];
    for (const [args, client, at] of bad) expect(await lockStatus(args, client, at)).toBe("NFS4ERR_BAD_STATEID");
    const directory = server.file("d", "", { type: NF4DIR });
    expect(await lockStatus(lockArgs(open), alice, directory)).toBe("NFS4ERR_ISDIR");
  });

  test("takes away nothing from an owner whose wish is denied", async () => {
    const other = await openStateid(bob, file, { access: BOTH });
    await lockStateid(bob, file, lockArgs(other, { offset: 50n, length: 10n }));
    const held = await lockStateid(alice, file, lockArgs(open, { type: READ_LOCK, offset: 0n, length: 10n }));
    expect((await lock(lockMoreArgs(held, { type: WRITE_LOCK, offset: 0n, length: 100n }))).status).toBe(DENIED);
    expect((await testLock({ type: READ_LOCK, offset: 0n, length: 10n })).status).toBe(0);
    expect((await testLock({ type: WRITE_LOCK, offset: 9n, length: 1n })).status).toBe(DENIED);
  });
});

describe("LOCKT", () => {
  test("asks for anybody's locks but the owner's own", async () => {
    await lockStateid(alice, file, lockArgs(open, { owner: "one" }));
    expect((await testLock({ owner: "one" }, alice)).status).toBe(0);
    expect((await testLock({ owner: "two" }, alice)).status).toBe(DENIED);
    // The same name at another client is another owner.
    expect((await testLock({ owner: "one" }, bob)).status).toBe(DENIED);
    expect(bob.record.stateCount).toBe(0);
  });

  test("has no answer while locks may be reclaimed", async () => {
    server.restart(["carol"]);
    expect(await bob.at(file).status("LOCKT", lockTestArgs())).toBe("NFS4ERR_GRACE");
  });
});

describe("LOCKU", () => {
  test("gives a range back, held or not, and the stateid stays", async () => {
    const held = await lockStateid(alice, file, lockArgs(open, { offset: 0n, length: 30n }));
    const unlock = async (stateid: stateid4, offset: bigint, length: bigint) =>
      (await alice.at(file).ok<{ lock_stateid: stateid4 }>("LOCKU", unlockArgs(stateid, { offset, length })))
        .lock_stateid;
    const second = await unlock(held, 10n, 10n);
    expect(second).toEqual({ ...held, seqid: 2 });
    expect((await testLock({ offset: 10n, length: 10n })).status).toBe(0);
    expect((await testLock({ offset: 9n, length: 1n })).status).toBe(DENIED);
    expect((await testLock({ offset: 20n, length: 1n })).status).toBe(DENIED);
    const third = await unlock(second, 0n, TO_END);
    expect(await unlock(third, 0n, TO_END)).toEqual({ ...held, seqid: 4 });
    expect((await testLock({})).status).toBe(0);
  });

  test("is refused for an empty range, and for a stateid of an open", async () => {
    const held = await lockStateid(alice, file, lockArgs(open));
    expect(await alice.at(file).status("LOCKU", unlockArgs(held, { length: 0n }))).toBe("NFS4ERR_INVAL");
    expect(await alice.at(file).status("LOCKU", unlockArgs(open))).toBe("NFS4ERR_BAD_STATEID");
  });
});

test("CLOSE gives back the locks of its open, and no others", async () => {
  const second = await openStateid(alice, file, { access: BOTH, owner: "second" });
  await lockStateid(alice, file, lockArgs(open, { offset: 0n, length: 10n, owner: "one" }));
  await lockStateid(alice, file, lockArgs(second, { offset: 10n, length: 10n, owner: "two" }));
  await alice.at(file).ok("CLOSE", closeArgs(open));
  expect((await testLock({ offset: 0n, length: 10n })).status).toBe(0);
  expect((await testLock({ offset: 10n, length: 10n })).status).toBe(DENIED);
});

test("locks are reclaimed by those known before a restart, and new ones wait", async () => {
  server.restart(["carol"]);
  const carol = server.newClient("carol");
  const claim = { claim: CLAIM.previous, delegate_type: 0 };
  const reclaimed = await openStateid(carol, file, { access: BOTH, claim });
  expect(await lockStatus(lockArgs(reclaimed), carol)).toBe("NFS4ERR_GRACE");
  expect(await lockStatus(lockArgs(reclaimed, { isReclaim: true }), carol)).toBe("NFS4_OK");
  const another = lockArgs(reclaimed, { isReclaim: true, owner: "another" });
  expect(await lockStatus(another, carol)).toBe("NFS4ERR_RECLAIM_CONFLICT");
  carol.record.reclaim.complete(null);
  server.grace.complete(carol.record);
  expect(await lockStatus(lockArgs(reclaimed, { isReclaim: true, owner: "late" }), carol)).toBe("NFS4ERR_NO_GRACE");
});
