import { describe, expect, test } from "vitest";
import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  CREATE_SESSION4_FLAG_PERSIST,
  NFS4_OK,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_INVAL,
  NFS4ERR_NOSPC,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_STALE_CLIENTID,
  NFS4ERR_TOOSMALL,
} from "../../src/nfs4/constants.ts";
import type { CREATE_SESSION4args, CREATE_SESSION4res } from "../../src/nfs4/ops/session.ts";
import { backchannelCtl, bindConnection, destroySession, openCreate, putRootFh } from "../../src/probe/operations.ts";
import { BACK_WISHES, FORE_WISHES } from "../../src/requester/channel-wishes.ts";
import type { CreatedSession } from "../../src/requester/requester.ts";
import type { SessionWishes } from "../../src/requester/session-calls.ts";
import { Nfs4Server } from "../../src/server/server.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { HandClient, outcomeLine, replyOf } from "../support/hand-client.ts";
import { heldDelegation } from "../support/held-delegation.ts";
import { MemoryNetwork } from "../support/memory-network.ts";
import { testRequester, userCredential } from "../support/requester-fixture.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

async function create(
  { world, requester, connection }: HandClient,
  wishes: Partial<SessionWishes> = {},
  changes: Partial<CREATE_SESSION4args> = {},
  call = {},
): Promise<CreatedSession> {
  return world.timers.until(requester.createSession(connection, wishes, changes, call));
}

describe("CREATE_SESSION", () => {
  test("a replay gives the same reply and no second session, even an error's", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const made = await create(hand);
    const again = await create(hand, {}, { csa_sequence: made.value!.csr_resok4!.csr_sequence });
    expect(again.value).toEqual(made.value);
    expect(hand.world.server.registry.sessionCount).toBe(2);
    const wrong = { fore: { ...FORE_WISHES, maxRequestSize: 10 } };
    const { createSequence } = hand.requester;
    expect((await create(hand, wrong)).status).toBe(NFS4ERR_TOOSMALL);
    // It counted: the same sequence id, with better wishes, meets the kept error.
    expect((await create(hand, {}, { csa_sequence: createSequence })).status).toBe(NFS4ERR_TOOSMALL);
    expect((await create(hand, {}, { csa_sequence: createSequence + 1 })).status).toBe(NFS4_OK);
  });

  test.each([
    ["the next but one", 3],
    ["long past", 0],
    ["far", 0x7000_0000],
  ])("a sequence id that is %s is misordered", async (_what, csa_sequence) => {
    const hand = await HandClient.open(new EmbeddedWorld());
    await create(hand);
    expect((await create(hand, {}, { csa_sequence: csa_sequence + 1 })).status).toBe(NFS4ERR_SEQ_MISORDERED);
  });

  test("the sequence id before the first meets the contrived reply; an unknown client ID is stale", async () => {
    const world = new EmbeddedWorld();
    const requester = world.requester();
    const connection = await world.timers.until(requester.connect());
    await world.timers.until(requester.exchangeId(connection));
    const ask = async (changes: Partial<CREATE_SESSION4args>) =>
      (await world.timers.until(requester.createSession(connection, {}, changes))).status;
    expect(await ask({ csa_sequence: 0 })).toBe(NFS4ERR_SEQ_MISORDERED);
    expect(await ask({ csa_clientid: 0xffff_ffff_ffff_ffffn })).toBe(NFS4ERR_STALE_CLIENTID);
    expect(await ask({})).toBe(NFS4_OK);
  });

  test("another user, and another minor version than EXCHANGE_ID's, are refused", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    expect((await create(hand, {}, {}, { minorVersion: 2 })).status).toBe(NFS4ERR_STALE_CLIENTID);
    expect((await create(hand, {}, {}, { cred: userCredential(7) })).status).toBe(NFS4ERR_CLID_INUSE);
  });

  test("attributes are granted as wished, or less, down to sizes that are of no use", async () => {
    const hand = await HandClient.open(new EmbeddedWorld({ server: { slots: 16 } }));
    const huge = {
      ...FORE_WISHES,
      maxRequestSize: 0xffff_ffff,
      maxResponseSize: 0xffff_ffff,
      maxOperations: 0xffff_ffff,
    };
    const largest = await create(hand, { fore: { ...huge, maxRequests: 0xffff_ffff, headerPadSize: 512, rdmaIrd: 7 } });
    const { options } = hand.world.server;
    expect(largest.session!.granted).toEqual({
      headerPadSize: 0,
      maxRequestSize: options.messageBytesMax,
      maxResponseSize: options.messageBytesMax,
      maxResponseSizeCached: options.cachedReplyBytesMax,
      maxOperations: options.operationsMax,
      maxRequests: 16,
      rdmaIrd: null,
    });
    const least = await create(hand, { fore: { ...FORE_WISHES, maxRequests: 0, maxOperations: 0 } });
    expect(least.session!.granted).toMatchObject({ maxRequests: 1, maxOperations: 1 });
    for (const size of ["maxRequestSize", "maxResponseSize"] as const) {
      expect((await create(hand, { fore: { ...FORE_WISHES, [size]: 511 } })).status).toBe(NFS4ERR_TOOSMALL);
    }
  });

  test("flags: no persistence, no RDMA, a back channel only for whom it is of use; others are no flags", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const granted = async (flags: number, wishes: Partial<SessionWishes> = {}) =>
      (await create(hand, { flags, ...wishes })).value!.csr_resok4?.csr_flags;
    expect(await granted(CREATE_SESSION4_FLAG_PERSIST)).toBe(0);
    expect(await granted(7)).toBe(CREATE_SESSION4_FLAG_CONN_BACK_CHAN);
    const flags = CREATE_SESSION4_FLAG_CONN_BACK_CHAN;
    const gss = {
      cb_secflavor: 6,
      cbsp_gss_handles: {
        gcbp_service: 1,
        gcbp_handle_from_server: new Uint8Array(4),
        gcbp_handle_from_client: new Uint8Array(4),
      },
    };
    expect(await granted(flags, { callbackSecurity: [gss] })).toBe(0);
    expect(await granted(flags, { callbackSecurity: [] })).toBe(0);
    expect(await granted(flags, { back: { ...BACK_WISHES, maxOperations: 1 } })).toBe(0);
    expect(await granted(flags, { back: { ...BACK_WISHES, maxRequests: 0 } })).toBe(0);
    expect((await create(hand, { flags: 8 })).status).toBe(NFS4ERR_INVAL);
  });

  test("sessions whose reply caches would not fit, or too many, are NOSPC, until one goes", async () => {
    for (const server of [{ slots: 8, cachedBytesMax: 16 * 8192 }, { sessionsMax: 2 }]) {
      const hand = await HandClient.open(new EmbeddedWorld({ server }));
      expect((await create(hand)).status).toBe(NFS4_OK);
      const { createSequence } = hand.requester;
      expect((await create(hand)).status).toBe(NFS4ERR_NOSPC);
      expect(await hand.alone([destroySession(hand.session.id)])).toBe("DESTROY_SESSION OK");
      // The error was kept.
      expect((await create(hand)).status).toBe(NFS4ERR_NOSPC);
      expect((await create(hand, {}, { csa_sequence: createSequence + 1 })).status).toBe(NFS4_OK);
    }
  });

  test("a session belongs to its minor version", async () => {
    const world = new EmbeddedWorld();
    const hand = await HandClient.open(world, { requester: { minorVersion: 2 } });
    expect(await hand.line([], { minorVersion: 1, slot: 1 })).toBe("SEQUENCE NFS4ERR_BADSESSION");
    expect(await hand.alone([bindConnection(hand.session.id)], { minorVersion: 1 })).toMatch(/NFS4ERR_BADSESSION$/);
    expect(await hand.line([])).toBe("SEQUENCE OK");
  });

  test("session ids repeat neither each other nor those of before a restart", async () => {
    const world = new EmbeddedWorld();
    const ids = new Set<string>();
    for (let turn = 0; turn < 3; turn++) {
      const hand = await HandClient.open(world);
      for (let count = 0; count < 20; count++) ids.add((await create(hand)).session!.model.key);
      world.server.restart();
    }
    expect(ids.size).toBe(60);
  });

  test("without randomness session ids are unique all the same, and the operator is told", async () => {
    const timers = new VirtualTimers();
    const log: string[] = [];
    let calls = 0;
    const random = (count: number) => {
      if (calls++ > 0) throw new Error("no entropy");
      return new Uint8Array(count);
    };
    const server = new Nfs4Server({ timers, random, log: (line) => log.push(line) });
    const network = new MemoryNetwork(timers, (channel) => server.accept(channel));
    const requester = testRequester(timers, network.connect);
    const connection = await timers.until(requester.connect());
    await timers.until(requester.exchangeId(connection));
    for (let count = 0; count < 3; count++) await timers.until(requester.createSession(connection));
    expect(server.registry.sessionCount).toBe(3);
    expect(log).toEqual(Array(3).fill("the random source failed: session ids are unique, but can be guessed"));
  });
});

describe("DESTROY_SESSION", () => {
  test("on one of its connections, alone or last in its own compound, and it is gone", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const early = [destroySession(hand.session.id), putRootFh()];
    expect(await hand.line(early)).toBe("SEQUENCE OK, DESTROY_SESSION NFS4ERR_NOT_ONLY_OP");
    expect(await hand.line(early.slice(0, 1))).toBe("SEQUENCE OK, DESTROY_SESSION OK");
    expect(await hand.line([])).toBe("SEQUENCE NFS4ERR_BADSESSION");
    expect(await hand.alone([destroySession(hand.session.id)])).toBe("DESTROY_SESSION NFS4ERR_BADSESSION");
  });

  test("another session's may stand anywhere; a connection that is none of its own may not ask", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const second = (await create(hand)).session!;
    const stranger = await hand.connect();
    const refused = "DESTROY_SESSION NFS4ERR_CONN_NOT_BOUND_TO_SESSION";
    expect(await hand.alone([destroySession(second.id)], { connection: stranger })).toBe(refused);
    expect(await hand.line([destroySession(second.id), putRootFh()])).toBe(
      "SEQUENCE OK, DESTROY_SESSION OK, PUTROOTFH OK",
    );
    expect(hand.world.server.registry.sessionCount).toBe(1);
  });

  test("waits for requests that run", async () => {
    const world = new EmbeddedWorld();
    await heldDelegation(world);
    const hand = await HandClient.open(world);
    const running = hand.start([putRootFh(), openCreate("file", { access: 2, owner: "writer" })], { slot: 1 });
    expect(await hand.alone([destroySession(hand.session.id)])).toBe("DESTROY_SESSION NFS4ERR_DELAY");
    expect(outcomeLine(await world.timers.until(running))).toMatch(/OPEN NFS4ERR_DELAY$/);
    expect(await hand.alone([destroySession(hand.session.id)])).toBe("DESTROY_SESSION OK");
  });
});

describe("BIND_CONN_TO_SESSION", () => {
  const FORE = 1;
  const BACK = 2;

  test.each([
    ["fore", FORE, { bctsr_dir: FORE }],
    ["back", BACK, { bctsr_dir: BACK }],
    ["fore or both", 3, { bctsr_dir: 3 }],
    ["back or both", 7, { bctsr_dir: 3 }],
  ])("%s, on a new connection", async (_what, direction, expected) => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const connection = await hand.connect();
    const outcome = await hand.world.timers.until(hand.session.bind(connection, direction));
    const value = replyOf(outcome).results[0]!.value as { bctsr_resok4: object };
    expect(value.bctsr_resok4).toMatchObject({ ...expected, bctsr_use_conn_in_rdma_mode: false });
    const [session] = hand.world.server.registry.sessions();
    expect(session!.model.connections.count).toBe(2);
  });

  test("has to be alone, without SEQUENCE, with a direction that is one, for a session that is one", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const { id } = hand.session;
    expect(await hand.line([bindConnection(id)])).toBe("SEQUENCE OK, BIND_CONN_TO_SESSION NFS4ERR_NOT_ONLY_OP");
    expect(await hand.alone([bindConnection(id), putRootFh()])).toBe("BIND_CONN_TO_SESSION NFS4ERR_NOT_ONLY_OP");
    expect(await hand.alone([bindConnection(id, 4)])).toMatch(/^BIND_CONN_TO_SESSION NFS4ERR_(INVAL|BADXDR)$/);
    expect(await hand.alone([bindConnection(new Uint8Array(16))])).toBe("BIND_CONN_TO_SESSION NFS4ERR_BADSESSION");
  });

  test("again on a bound connection: what it has, or more", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const connection = await hand.connect();
    const bind = (direction: number) => hand.alone([bindConnection(hand.session.id, direction)], { connection });
    expect(await bind(FORE)).toBe("BIND_CONN_TO_SESSION OK");
    expect(await bind(FORE)).toBe("BIND_CONN_TO_SESSION OK");
    expect(await bind(BACK)).toBe("BIND_CONN_TO_SESSION NFS4ERR_INVAL");
    expect(await bind(3)).toBe("BIND_CONN_TO_SESSION OK");
  });

  test("SEQUENCE on an unbound connection binds it to the fore channel", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const connection = await hand.connect();
    expect(await hand.line([], { connection })).toBe("SEQUENCE OK");
    const [session] = hand.world.server.registry.sessions();
    expect(session!.model.connections.connections("fore")).toHaveLength(2);
    expect(session!.model.connections.connections("back")).toHaveLength(1);
    connection.close();
    await hand.world.timers.advance(10);
    expect(session!.model.connections.count).toBe(1);
  });
});

describe("BACKCHANNEL_CTL", () => {
  test("sets program and credentials; handles of RPCSEC_GSS are none that the server knows", async () => {
    const hand = await HandClient.open(new EmbeddedWorld());
    const [session] = hand.world.server.registry.sessions();
    expect(await hand.line([backchannelCtl(0x4000_0007, { cb_secflavor: 0 })])).toMatch(/BACKCHANNEL_CTL OK$/);
    expect(session!.model.callbackProgram).toBe(0x4000_0007);
    const handles = {
      gcbp_service: 1,
      gcbp_handle_from_server: new Uint8Array(4),
      gcbp_handle_from_client: new Uint8Array(4),
    };
    expect(await hand.line([backchannelCtl(5, { cb_secflavor: 6, cbsp_gss_handles: handles })])).toMatch(
      /NFS4ERR_NOENT$/,
    );
    expect(session!.model.callbackProgram).toBe(0x4000_0007);
  });

  test("however many credentials are offered, few are remembered", async () => {
    const many = Array.from({ length: 5000 }, () => ({ cb_secflavor: 0 }));
    const hand = await HandClient.open(new EmbeddedWorld(), { wishes: { callbackSecurity: many } });
    const [session] = hand.world.server.registry.sessions();
    expect(session!.model.callbackSecurity.length).toBeLessThan(20);
  });
});

test("a value of CREATE_SESSION is the one that the session was made with", async () => {
  const hand = await HandClient.open(new EmbeddedWorld());
  const made = await create(hand, { back: { ...BACK_WISHES, maxRequests: 3, maxOperations: 5 } });
  const { csr_resok4 } = made.value as CREATE_SESSION4res;
  expect(csr_resok4!.csr_back_chan_attrs).toMatchObject({ ca_maxrequests: 3, ca_maxoperations: 5 });
});
