import { describe, expect, test } from "vitest";
import {
  EXCHGID4_FLAG_CONFIRMED_R,
  EXCHGID4_FLAG_UPD_CONFIRMED_REC_A,
  EXCHGID4_FLAG_USE_NON_PNFS,
  NFS4_OK,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_DELAY,
  NFS4ERR_ENCR_ALG_UNSUPP,
  NFS4ERR_INVAL,
  NFS4ERR_NOENT,
  NFS4ERR_NOT_SAME,
  NFS4ERR_PERM,
} from "../../src/nfs4/constants.ts";
import { type EXCHANGE_ID4args, EXCHANGE_ID4res } from "../../src/nfs4/ops/session.ts";
import {
  destroyClientId,
  destroySession,
  lockTest,
  lookup,
  openCreate,
  putRootFh,
  reclaimComplete,
} from "../../src/probe/operations.ts";
import { resultOf } from "../../src/requester/compound-reply.ts";
import type { Requester } from "../../src/requester/requester.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, replyOf } from "../support/hand-client.ts";
import { userCredential } from "../support/requester-fixture.ts";

const LEASE_MILLIS = 90_000;

/** EXCHANGE_ID, on a connection of its own. */
async function exchange(
  world: EmbeddedWorld,
  requester: Requester,
  changes: Partial<EXCHANGE_ID4args> = {},
  call = {},
) {
  const connection = await world.timers.until(requester.connect());
  const { outcome, status } = await world.timers.until(requester.exchangeId(connection, changes, call));
  const resok = resultOf(replyOf(outcome), EXCHANGE_ID4res)?.eir_resok4;
  return {
    status,
    clientId: resok?.eir_clientid ?? -1n,
    flags: resok?.eir_flags ?? 0,
    seq: resok?.eir_sequenceid,
    resok,
  };
}

const owner = (requester: Requester, verifier: number) => ({
  eia_clientowner: { co_ownerid: requester.owner.ownerId, co_verifier: new Uint8Array(8).fill(verifier) },
});

const openForWriting = [putRootFh(), openCreate("file", { access: 2, deny: 3 })];

/** CREATE_SESSION of a new client ID; its status. */
async function begin({ world, requester, connection }: HandClient, clientId: bigint): Promise<number | null> {
  const changes = { csa_clientid: clientId, csa_sequence: 1 };
  return (await world.timers.until(requester.createSession(connection, {}, changes))).status;
}

describe("EXCHANGE_ID", () => {
  test("case 1, a new owner, and 4, an unconfirmed one: another client ID each time, the old one is forgotten", async () => {
    const world = new EmbeddedWorld();
    const requester = world.requester();
    const first = await exchange(world, requester);
    expect(first).toMatchObject({ status: NFS4_OK, seq: 1, flags: EXCHGID4_FLAG_USE_NON_PNFS });
    const second = await exchange(world, requester);
    expect(second.clientId).not.toBe(first.clientId);
    expect([...world.server.registry.clients.clients()].map(({ clientId }) => clientId)).toEqual([second.clientId]);
  });

  test("case 2, a confirmed one again: the same client ID, and the reply says so", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const again = await hand.identity();
    expect(again.clientId).toBe(hand.session.clientId);
    expect(again.flags >>> 0).toBe((EXCHGID4_FLAG_USE_NON_PNFS | EXCHGID4_FLAG_CONFIRMED_R) >>> 0);
    expect(await hand.line([])).toBe("SEQUENCE OK");
  });

  test("case 3, another user's: CLID_INUSE while there is state under a lease, after that a new client", async () => {
    const world = new EmbeddedWorld();
    const hand = await HandClient.open(world);
    const call = { cred: userCredential(7) };
    expect((await exchange(world, hand.requester, {}, call)).status).toBe(NFS4ERR_CLID_INUSE);
    expect(await hand.line([])).toBe("SEQUENCE OK");
    await world.timers.advance(LEASE_MILLIS + 1);
    const taken = await exchange(world, hand.requester, {}, call);
    expect(taken.status).toBe(NFS4_OK);
    expect(taken.clientId).not.toBe(hand.session.clientId);
    expect(await hand.line([])).toBe("SEQUENCE NFS4ERR_BADSESSION");
  });

  test("case 5, a restarted client: the old state lives until CREATE_SESSION, and goes with it", async () => {
    const world = new EmbeddedWorld();
    const old = await HandClient.open(world);
    await old.run(openForWriting);
    const { clientId } = await exchange(world, old.requester, owner(old.requester, 77));
    expect(clientId).not.toBe(old.session.clientId);
    expect(await old.line([])).toBe("SEQUENCE OK");
    const other = await HandClient.open(world);
    const denied = "SEQUENCE OK, PUTROOTFH OK, OPEN NFS4ERR_SHARE_DENIED";
    expect(await other.line(openForWriting)).toBe(denied);
    expect(await begin(old, clientId)).toBe(NFS4_OK);
    expect(await old.line([])).toBe("SEQUENCE NFS4ERR_BADSESSION");
    expect(await other.line(openForWriting)).toBe("SEQUENCE OK, PUTROOTFH OK, OPEN OK");
  });

  test("cases 6 to 9: updates", async () => {
    const world = new EmbeddedWorld();
    const hand = await HandClient.open(world);
    const update = { eia_flags: EXCHGID4_FLAG_UPD_CONFIRMED_REC_A };
    const stranger = world.requester();
    expect((await exchange(world, stranger, update)).status).toBe(NFS4ERR_NOENT);
    expect(await exchange(world, hand.requester, update)).toMatchObject({ clientId: hand.session.clientId });
    expect((await exchange(world, hand.requester, { ...update, ...owner(hand.requester, 9) })).status).toBe(
      NFS4ERR_NOT_SAME,
    );
    expect((await exchange(world, hand.requester, update, { cred: userCredential(7) })).status).toBe(NFS4ERR_PERM);
    expect(await hand.line([])).toBe("SEQUENCE OK");
  });

  test("flags that are none, or the server's, and state protection that is not to be had", async () => {
    const world = new EmbeddedWorld();
    const requester = world.requester();
    const status = async (changes: Partial<EXCHANGE_ID4args>) => (await exchange(world, requester, changes)).status;
    expect(await status({ eia_flags: EXCHGID4_FLAG_CONFIRMED_R })).toBe(NFS4ERR_INVAL);
    expect(await status({ eia_flags: 0x0800_0000 })).toBe(NFS4ERR_INVAL);
    const ops = { spo_must_enforce: [], spo_must_allow: [] };
    expect(await status({ eia_state_protect: { spa_how: 1, spa_mach_ops: ops } })).toBe(NFS4ERR_INVAL);
    const ssv = { ssp_ops: ops, ssp_hash_algs: [], ssp_encr_algs: [], ssp_window: 1, ssp_num_gss_handles: 1 };
    expect(await status({ eia_state_protect: { spa_how: 2, spa_ssv_parms: ssv } })).toBe(NFS4ERR_ENCR_ALG_UNSUPP);
    expect(world.server.registry.clients.count).toBe(0);
  });

  test("the names of the server outlive its restart; its client IDs do not", async () => {
    const world = new EmbeddedWorld();
    const before = (await exchange(world, world.requester())).resok!;
    world.server.restart();
    const after = (await exchange(world, world.requester())).resok!;
    expect(after.eir_server_owner).toEqual(before.eir_server_owner);
    expect(after.eir_server_scope).toEqual(before.eir_server_scope);
    expect(after.eir_clientid >> 32n).not.toBe(before.eir_clientid >> 32n);
  });

  test("clients beyond the bound are put off until some are forgotten", async () => {
    const world = new EmbeddedWorld({ server: { clientsMax: 3 } });
    for (let count = 0; count < 3; count++) await exchange(world, world.requester());
    expect((await exchange(world, world.requester())).status).toBe(NFS4ERR_DELAY);
    await world.timers.advance(2 * LEASE_MILLIS);
    expect((await exchange(world, world.requester())).status).toBe(NFS4_OK);
  });
});

describe("the end of a client", () => {
  test("DESTROY_CLIENTID: busy with sessions or under its own SEQUENCE, stale when unknown", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const { clientId } = hand.session;
    expect(await hand.alone([destroyClientId(clientId)])).toBe("DESTROY_CLIENTID NFS4ERR_CLIENTID_BUSY");
    expect(await hand.line([destroyClientId(clientId)])).toBe("SEQUENCE OK, DESTROY_CLIENTID NFS4ERR_CLIENTID_BUSY");
    expect(await hand.line([destroyClientId(clientId + 1n)])).toMatch(/NFS4ERR_STALE_CLIENTID$/);
    await hand.alone([destroySession(hand.session.id)]);
    expect(await hand.alone([destroyClientId(clientId)])).toBe("DESTROY_CLIENTID OK");
    expect(await hand.alone([destroyClientId(clientId)])).toBe("DESTROY_CLIENTID NFS4ERR_STALE_CLIENTID");
    expect(hand.world.server.registry.clients.count).toBe(0);
  });

  test("a lease that runs out takes sessions, opens and locks; any SEQUENCE renews it, a failing one does not", async () => {
    const world = new EmbeddedWorld();
    const hand = await HandClient.open(world);
    const other = await HandClient.open(world);
    await hand.run(openForWriting);
    const keepAlive = async (turns: number) => {
      for (let turn = 0; turn < turns; turn++) {
        await world.timers.advance(LEASE_MILLIS / 3);
        await other.run([]);
      }
    };
    for (let turn = 0; turn < 3; turn++) {
      await keepAlive(2);
      await hand.run([]);
    }
    expect(await other.line(openForWriting)).toMatch(/OPEN NFS4ERR_SHARE_DENIED$/);
    await keepAlive(2);
    expect(await hand.line([], { slot: 4000, seq: 1 })).toBe("SEQUENCE NFS4ERR_BADSLOT");
    await keepAlive(3);
    expect(world.server.registry.sessionCount).toBe(1);
    expect(await other.line(openForWriting)).toBe("SEQUENCE OK, PUTROOTFH OK, OPEN OK");
    expect(await hand.line([])).toBe("SEQUENCE NFS4ERR_BADSESSION");
  });

  test("an unconfirmed client ID is forgotten after a lease", async () => {
    const world = new EmbeddedWorld();
    await exchange(world, world.requester());
    await world.timers.advance(2 * LEASE_MILLIS);
    expect(world.server.registry.clients.count).toBe(0);
  });
});

describe("RECLAIM_COMPLETE", () => {
  test("is owed before the first lock, even with nothing to reclaim; once", async () => {
    const hand = await HandClient.open(new EmbeddedWorld(), { isReclaimed: false });
    expect(await hand.line(openForWriting)).toBe("SEQUENCE OK, PUTROOTFH OK, OPEN NFS4ERR_GRACE");
    expect(await hand.line([putRootFh(), reclaimComplete(true)])).toMatch(/RECLAIM_COMPLETE OK$/);
    expect(await hand.line([reclaimComplete(true)])).toMatch(/RECLAIM_COMPLETE NFS4ERR_NOFILEHANDLE$/);
    expect(await hand.line(openForWriting)).toMatch(/OPEN NFS4ERR_GRACE$/);
    expect(await hand.line([reclaimComplete()])).toMatch(/RECLAIM_COMPLETE OK$/);
    expect(await hand.line([reclaimComplete()])).toMatch(/RECLAIM_COMPLETE NFS4ERR_COMPLETE_ALREADY$/);
    expect(await hand.line(openForWriting)).toMatch(/OPEN OK$/);
    expect(await hand.line([putRootFh(), lookup("file"), lockTest()])).toMatch(/LOCKT OK$/);
  });
});
