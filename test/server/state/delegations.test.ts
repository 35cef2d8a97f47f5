import { beforeEach, describe, expect, test } from "vitest";
import { SEQ4_STATUS_RECALLABLE_STATE_REVOKED } from "../../../src/nfs4/constants.ts";
import type { stateid4 } from "../../../src/nfs4/types.ts";
import type { Inode } from "../../../src/server/fs/inode.ts";
import {
  BOTH,
  CLAIM,
  closeArgs,
  DELEGATE,
  delegationStateid,
  NONE,
  openArgs,
  opened,
  openStateid,
  READ,
  readArgs,
  WANT,
  WRITE,
  writeArgs,
} from "../../support/stateful-operations.ts";
import {
  ANONYMOUS,
  LEASE_MILLIS,
  RECALL_WAIT_MILLIS,
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

const returned = (client: StatefulClient, deleg_stateid: stateid4, at = file) =>
  client.at(at).status("DELEGRETURN", { deleg_stateid });

/** What OPEN says of a delegation, in short: its type, and why there is none. */
async function offer(client: StatefulClient, access: number, deny = NONE): Promise<string> {
  const { delegation } = await opened(client, file, { access, deny, owner: `owner ${access} ${deny}` });
  const { delegation_type, od_whynone } = delegation;
  return od_whynone === undefined ? `${delegation_type}` : `${delegation_type} because ${od_whynone.ond_why}`;
}

const GRANTED = `${DELEGATE.read}`;
const UNTOLD = `${DELEGATE.none}`;
const because = (why: number) => `${DELEGATE.noneExt} because ${why}`;
const [NOT_WANTED, CONTENTION, RESOURCE, NO_WRITE_DELEGATIONS, CANCELLED] = [0, 1, 2, 4, 7] as const;

describe("a delegation is offered", () => {
  test.each([
    ["without a wish", READ, GRANTED],
    ["to who wants one", READ | WANT.read, GRANTED],
    ["to who wants any", READ | WANT.any, GRANTED],
    ["to nobody who does not want it", READ | WANT.none, because(NOT_WANTED)],
    ["to nobody who cancels", READ | WANT.cancel, because(CANCELLED)],
    ["for writing never", READ | WANT.write, because(NO_WRITE_DELEGATIONS)],
    ["to no writer", WRITE, UNTOLD],
    ["to no writer who wants one", BOTH | WANT.read, because(CONTENTION)],
  ])("%s", async (_, access, expected) => {
    expect(await offer(alice, access)).toBe(expected);
  });

  test("not while somebody writes, the client itself included", async () => {
    const writing = await openStateid(bob, file, { access: WRITE });
    expect(await offer(alice, READ | WANT.read)).toBe(because(CONTENTION));
    expect(await offer(bob, READ)).toBe(UNTOLD);
    await bob.at(file).ok("CLOSE", closeArgs(writing));
    expect(await offer(alice, READ | WANT.read)).toBe(GRANTED);
  });

  test("not to who could not be told to return it", async () => {
    server.callbacks.unreachable.add(alice.record);
    expect(await offer(alice, READ | WANT.read)).toBe(because(RESOURCE));
    expect(await offer(alice, READ)).toBe(UNTOLD);
  });

  test("to several clients, but to none twice", async () => {
    expect(await offer(alice, READ)).toBe(GRANTED);
    expect(await offer(bob, READ)).toBe(GRANTED);
    expect(await offer(alice, READ | WANT.read)).toBe(because(CONTENTION));
  });

  test("and allows reading, with seqid 0 and 1, but no writing", async () => {
    const stateid = await delegationStateid(alice, file);
    expect(stateid.seqid).toBe(1);
    await alice.at(file).ok("READ", readArgs(stateid));
    await alice.at(file).ok("READ", readArgs({ ...stateid, seqid: 0 }));
    expect(await alice.at(file).status("WRITE", writeArgs(stateid, "x"))).toBe("NFS4ERR_OPENMODE");
    expect(await bob.at(file).status("READ", readArgs(stateid))).toBe("NFS4ERR_BAD_STATEID");
  });
});

describe("a delegation is recalled", () => {
  const wishes: readonly [string, () => Promise<string>][] = [
    ["an open for writing", () => bob.at(file).status("OPEN", openArgs({ access: WRITE | WANT.none }))],
    ["an open that denies reading", () => bob.at(file).status("OPEN", openArgs({ deny: READ }))],
    ["WRITE without an open", () => bob.at(file).status("WRITE", writeArgs(ANONYMOUS, "x"))],
    ["SETATTR", () => bob.at(file).status("SETATTR", { stateid: ANONYMOUS, obj_attributes: SIZE_2 })],
    ["REMOVE", () => bob.at().status("REMOVE", { target: "f" })],
    ["RENAME", () => bob.at().withSaved(server.fileSystem.root).status("RENAME", { oldname: "f", newname: "g" })],
    ["LINK", () => bob.at().withSaved(file).status("LINK", { newname: "g" })],
    ["ALLOCATE", () => bob.at(file).status("ALLOCATE", { aa_stateid: ANONYMOUS, aa_offset: 0n, aa_length: 5n })],
    ["DEALLOCATE", () => bob.at(file).status("DEALLOCATE", { da_stateid: ANONYMOUS, da_offset: 0n, da_length: 5n })],
    ["COPY", () => bob.at(file).withSaved(server.file("source", "abc")).status("COPY", COPY_ALL)],
  ];

  test.each(wishes)("for %s, which waits for its return", async (_, wish) => {
    const stateid = await delegationStateid(alice, file);
    const outcome = wish();
    await server.timers.advance(RECALL_WAIT_MILLIS / 2);
    expect(server.callbacks.recalls).toMatchObject([{ client: alice.record, stateid, truncate: false }]);
    expect(server.callbacks.recalls[0]?.fh).toEqual(server.fileSystem.handleOf(file));
    expect(server.callbacks.recalls[0]?.created).toMatchObject({ slotId: 0, seq: 1 });
    expect(await returned(alice, stateid)).toBe("NFS4_OK");
    expect(await server.timers.until(outcome)).toBe("NFS4_OK");
    // Nothing is left to be revoked.
    expect(server.timers.pending).toBe(0);
  });

  test.each(wishes)("for %s, which gives up in the end", async (_, wish) => {
    await delegationStateid(alice, file);
    const before = { size: file.size, change: file.change, links: file.linkCount };
    expect(await server.timers.until(wish())).toBe("NFS4ERR_DELAY");
    expect(server.timers.nowMillis).toBe(RECALL_WAIT_MILLIS);
    expect({ size: file.size, change: file.change, links: file.linkCount }).toEqual(before);
  });

  test("once only, whoever asks, and a new one is not granted until it is back", async () => {
    const stateid = await delegationStateid(alice, file);
    const carol = server.client("carol");
    const writes = [bob, carol].map((client) => client.at(file).status("WRITE", writeArgs(ANONYMOUS, "x")));
    expect(await offer(carol, READ | WANT.read)).toBe(because(CONTENTION));
    expect(server.callbacks.recalls).toHaveLength(1);
    await returned(alice, stateid);
    expect(await server.timers.until(Promise.all(writes))).toEqual(["NFS4_OK", "NFS4_OK"]);
    expect(await offer(carol, READ | WANT.read)).toBe(GRANTED);
  });

  test("for nothing that leaves the file alone, and for nothing of the holder's own", async () => {
    const stateid = await delegationStateid(alice, file);
    await bob.at(file).ok("READ", readArgs(ANONYMOUS));
    await bob.at(file).ok("OPEN", openArgs());
    await alice.at(file).ok("WRITE", writeArgs(ANONYMOUS, "x"));
    await alice.at(file).ok("OPEN", openArgs({ access: BOTH | WANT.none }));
    expect(server.callbacks.recalls).toEqual([]);
    expect(await returned(alice, stateid)).toBe("NFS4_OK");
  });

  test("meanwhile the holder turns its opens into real ones", async () => {
    const stateid = await delegationStateid(alice, file);
    const write = bob.at(file).status("OPEN", openArgs({ access: WRITE | WANT.none }));
    const claims = [
      { at: file, claim: { claim: CLAIM.delegCurFh, oc_delegate_stateid: stateid } },
      {
        at: server.fileSystem.root,
        claim: { claim: CLAIM.delegateCur, delegate_cur_info: { delegate_stateid: stateid, file: "f" } },
      },
    ];
    for (const { at, claim } of claims) await alice.at(at).ok("OPEN", openArgs({ claim }));
    await returned(alice, stateid);
    expect(await server.timers.until(write)).toBe("NFS4_OK");
    for (const { at, claim } of claims) {
      expect(await alice.at(at).status("OPEN", openArgs({ claim }))).toBe("NFS4ERR_BAD_STATEID");
    }
  });

  test("and what is allowed is looked at again after the wait", async () => {
    const stateid = await delegationStateid(alice, file);
    const open = await openStateid(bob, file, { access: READ | WANT.none });
    const refused = bob.at(file).status("OPEN", openArgs({ owner: "other", access: WRITE | WANT.none }));
    await alice.at(file).ok("OPEN", openArgs({ deny: WRITE }));
    await returned(alice, stateid);
    expect(await server.timers.until(refused)).toBe("NFS4ERR_SHARE_DENIED");
    expect(await bob.at(file).status("READ", readArgs(open))).toBe("NFS4_OK");
  });

  test("a file that is removed while somebody waits to write to it is stale, and takes no space", async () => {
    const stateid = await delegationStateid(alice, file);
    const attempts = [
      bob.at(file).status("WRITE", writeArgs(ANONYMOUS, "x")),
      bob.at(file).status("OPEN", openArgs({ access: WRITE | WANT.none })),
    ];
    await alice.at().ok("REMOVE", { target: "f" });
    await returned(alice, stateid);
    expect(await server.timers.until(Promise.all(attempts))).toEqual(["NFS4ERR_STALE", "NFS4ERR_STALE"]);
    expect(server.fileSystem.space.used).toBe(0);
  });
});

describe("a delegation that is not returned", () => {
  /** Alice keeps hers until it is revoked. */
  async function revoked(): Promise<stateid4> {
    const stateid = await delegationStateid(alice, file);
    expect(await server.timers.until(bob.at(file).status("WRITE", writeArgs(ANONYMOUS, "x")))).toBe("NFS4ERR_DELAY");
    await server.timers.advance(LEASE_MILLIS - RECALL_WAIT_MILLIS - 1);
    expect(server.states.statusFlags(alice.record)).toBe(0);
    await server.timers.advance(1);
    return stateid;
  }

  test("is revoked a lease period after its recall, and others go on", async () => {
    await revoked();
    expect(await bob.at(file).status("WRITE", writeArgs(ANONYMOUS, "x"))).toBe("NFS4_OK");
    expect(await offer(bob, READ | WANT.read)).toBe(GRANTED);
  });

  test("shows in the status flags until its holder frees it", async () => {
    const stateid = await revoked();
    expect(server.states.statusFlags(alice.record)).toBe(SEQ4_STATUS_RECALLABLE_STATE_REVOKED);
    expect(server.states.statusFlags(bob.record)).toBe(0);
    const test = await alice.at().ok<{ tsr_resok4: object }>("TEST_STATEID", { ts_stateids: [stateid, ANONYMOUS] });
    expect(test.tsr_resok4).toEqual({ tsr_status_codes: [10087, 10025] });
    expect(await alice.at(file).status("READ", readArgs(stateid))).toBe("NFS4ERR_DELEG_REVOKED");
    expect(await returned(alice, stateid)).toBe("NFS4ERR_DELEG_REVOKED");
    expect(await alice.at().status("FREE_STATEID", { fsa_stateid: stateid })).toBe("NFS4_OK");
    expect(server.states.statusFlags(alice.record)).toBe(0);
    expect(await alice.at().status("FREE_STATEID", { fsa_stateid: stateid })).toBe("NFS4ERR_BAD_STATEID");
    expect(await offer(alice, READ | WANT.read)).toBe(GRANTED);
  });

  test("wakes those who still wait for it", async () => {
    const patient = new StatefulServer();
    const [holder, waiter] = [patient.client(), patient.client()];
    const inode = patient.file("f");
    await delegationStateid(holder, inode);
    let isYielded: boolean | null = null;
    void patient.states.delegations.recall(inode, waiter.record, 10 * LEASE_MILLIS).then((isDone) => {
      isYielded = isDone;
    });
    await patient.timers.advance(LEASE_MILLIS);
    expect(isYielded).toBe(true);
    expect(patient.timers.pending).toBe(0);
  });
});

describe("a client that is gone", () => {
  test("leaves no delegation behind, and those who wait go on", async () => {
    await delegationStateid(alice, file);
    const write = bob.at(file).status("WRITE", writeArgs(ANONYMOUS, "x"));
    server.states.dropClient(alice.record);
    expect(await server.timers.until(write)).toBe("NFS4_OK");
    expect(alice.record.stateCount).toBe(0);
    expect(server.timers.pending).toBe(0);
  });

  test("opens nothing any more when what it waited for has come", async () => {
    const stateid = await delegationStateid(alice, file);
    const open = bob.at(file).status("OPEN", openArgs({ access: WRITE | WANT.none }));
    server.states.dropClient(bob.record);
    await returned(alice, stateid);
    expect(await server.timers.until(open)).toBe("NFS4ERR_DELAY");
    expect(bob.record.stateCount).toBe(0);
    expect(file.openCount).toBe(0);
  });

  test("nor does anybody's request of before a restart", async () => {
    await delegationStateid(alice, file);
    const open = bob.at(file).status("OPEN", openArgs({ access: WRITE | WANT.none }));
    server.restart([]);
    expect(await server.timers.until(open)).toBe("NFS4ERR_DELAY");
    expect(server.states.table.size).toBe(0);
    expect([file.openCount, server.timers.pending]).toEqual([0, 0]);
  });
});

describe("a delegation is reclaimed", () => {
  const reclaim = { claim: CLAIM.previous, delegate_type: DELEGATE.read };

  test("and held on; for a second owner it is the same", async () => {
    server.restart(["carol"]);
    const carol = server.newClient("carol");
    const first = await opened(carol, file, { claim: reclaim, owner: "one" });
    const second = await opened(carol, file, { claim: reclaim, owner: "two" });
    expect(first.delegation).toMatchObject({ delegation_type: DELEGATE.read, read: { recall: false } });
    expect(second.delegation).toEqual(first.delegation);
  });

  test("and has to be returned at once by a client that cannot be told later", async () => {
    server.restart(["carol"]);
    const carol = server.newClient("carol");
    server.callbacks.unreachable.add(carol.record);
    const { delegation } = await opened(carol, file, { claim: reclaim });
    expect(delegation).toMatchObject({ delegation_type: DELEGATE.read, read: { recall: true } });
    expect(server.callbacks.recalls).toHaveLength(1);
  });

  test("not for writing: there were none", async () => {
    server.restart(["carol"]);
    const claim = { claim: CLAIM.previous, delegate_type: DELEGATE.write };
    const { delegation } = await opened(server.newClient("carol"), file, { claim, access: BOTH });
    expect(delegation).toEqual({ delegation_type: DELEGATE.none });
  });
});

/** size = 2 */
const SIZE_2 = { attrmask: [1 << 4], attr_vals: new Uint8Array([0, 0, 0, 0, 0, 0, 0, 2]) };
const COPY_ALL = {
  ca_src_stateid: ANONYMOUS,
  ca_dst_stateid: ANONYMOUS,
  ca_src_offset: 0n,
  ca_dst_offset: 0n,
  ca_count: 0n,
  ca_consecutive: true,
  ca_synchronous: true,
  ca_source_server: [],
};
