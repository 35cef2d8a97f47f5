import { describe, expect, test } from "vitest";
import { created, ModelTraffic, SESSION } from "../support/model-traffic.ts";

const OTHER = "0b".repeat(16);
const BADSESSION = 10052;
const STALE_CLIENTID = 10022;
const CONFIRMED_R = 0x8000_0000;

const server = (traffic: ModelTraffic) => traffic.observation.serverAt("10.0.0.1:2049");

describe("EXCHANGE_ID", () => {
  test("makes a client ID, unconfirmed, with a CREATE_SESSION slot", () => {
    const traffic = new ModelTraffic();
    traffic.exchangeId("c1");
    const client = server(traffic).clients.get("c1")!;
    expect(client).toMatchObject({ ownerHex: "6f", verifier: "01", confirmed: false, eirSequenceId: 1 });
    expect(client.createSession?.accepts(1)).toBe("next");
    expect([...client.addresses]).toEqual(["10.0.0.2"]);
  });

  test("CONFIRMED_R: eir_sequenceid counts for nothing", () => {
    const traffic = new ModelTraffic();
    traffic.exchangeId("c1", { flags: CONFIRMED_R });
    expect(server(traffic).clients.get("c1")).toMatchObject({
      confirmed: true,
      eirSequenceId: null,
      createSession: null,
    });
  });

  test("the same server owner and client ID at another address: one server", () => {
    const traffic = new ModelTraffic();
    traffic.exchangeId("c1", { server: "same" });
    const on = traffic.connect("10.0.0.2:999", "10.0.0.9:2049");
    traffic.exchangeId("c1", { server: "same", on });
    expect(traffic.observation.servers.size).toBe(1);
    expect(on.serverInstance).toBe(server(traffic));
  });

  test.each([
    ["another owner", "c1", "other"],
    ["another client ID", "c2", "same"],
  ])("%s at another address: two servers", (_, clientId, owner) => {
    const traffic = new ModelTraffic();
    traffic.exchangeId("c1", { server: "same" });
    traffic.exchangeId(clientId, { server: owner, on: traffic.connect("10.0.0.2:999", "10.0.0.9:2049") });
    expect(traffic.observation.servers.size).toBe(2);
  });
});

describe("CREATE_SESSION", () => {
  test("makes a session bound to its connection, and confirms the client ID", () => {
    const traffic = created(8);
    const session = traffic.session()!;
    expect(session).toMatchObject({ flags: 2, requestedFlags: 2, callbackProgram: 0x4000_0000, minorVersion: 1 });
    expect(session.created).not.toBeNull();
    expect(session.foreAttributes.granted?.maxRequests).toBe(8);
    expect(session.fore.limit).toBe(7);
    expect(session.isBound(traffic.connection, "back")).toBe(true);
    expect(session.client).toMatchObject({ confirmed: true, sessions: [session] });
  });

  test("tells of the session after the rules have heard of its making", () => {
    const traffic = new ModelTraffic();
    traffic.exchangeId();
    traffic.news();
    traffic.createSession();
    const bound = ["connection-bound", "connection-bound"];
    expect(traffic.news()).toEqual(["create-session-call", ...bound, "create-session", "session-opened"]);
  });

  test("sent again with its sequence is a replay and makes nothing", () => {
    const traffic = created();
    const session = traffic.session();
    expect(traffic.createSession(SESSION, { sequence: 1 })).toBe("replay");
    expect(traffic.session()).toBe(session);
    expect(traffic.news()).toEqual(["create-session-call", "create-session"]);
    expect(server(traffic).clients.get("c1")!.sessions).toHaveLength(1);
  });

  test("a second session takes the next sequence", () => {
    const traffic = created();
    expect(traffic.createSession(OTHER, { sequence: 2 })).toBe("next");
    expect(
      server(traffic)
        .clients.get("c1")!
        .sessions.map(({ id }) => id),
    ).toEqual([SESSION, OTHER]);
  });

  test("for a client ID whose EXCHANGE_ID was not captured", () => {
    const traffic = new ModelTraffic();
    expect(traffic.createSession(SESSION, { clientId: "c9", sequence: 77 })).toBe("unknown");
    expect(traffic.session()).toMatchObject({ client: { clientId: "c9", ownerHex: null } });
  });

  test("STALE_CLIENTID is a sign of a restart", () => {
    const traffic = created();
    traffic.createSession(OTHER, { sequence: 2, status: STALE_CLIENTID });
    expect(server(traffic).restarts).toHaveLength(1);
    expect(traffic.session(OTHER)).toBeUndefined();
  });

  test("a new incarnation of the owner replaces the old one's sessions, another owner does not", () => {
    const traffic = created();
    traffic.exchangeId("c2", { verifier: "02" });
    expect(traffic.session()!.ended).toBeNull();
    traffic.exchangeId("c3", { owner: "7a", verifier: "03" });
    traffic.createSession("0c".repeat(16), { clientId: "c3" });
    expect(traffic.session()!.ended).toBeNull();
    traffic.createSession(OTHER, { clientId: "c2" });
    expect(traffic.session()).toMatchObject({ endedBy: "replaced", isLive: false });
    expect(traffic.news()).toContain("session-ended");
    expect(traffic.session(OTHER)!.isLive).toBe(true);
  });
});

describe("BIND_CONN_TO_SESSION", () => {
  test.each([
    [1, ["fore"]],
    [2, ["back"]],
    [3, ["fore", "back"]],
  ])("bctsr_dir %i binds %j", (direction, channels) => {
    const traffic = created();
    const on = traffic.connect();
    const bind = {
      call: traffic.newCall(on),
      reply: traffic.newReply(),
      status: 0,
      args: { sessionId: SESSION, direction },
      result: { direction },
    };
    traffic.operations.bindConnToSession(bind, traffic.operations.boundChannels(bind.call, SESSION));
    expect(traffic.operations.boundChannels(bind.call, SESSION)).toBe(direction);
    expect([...traffic.session()!.connections.get(on)!]).toEqual(channels);
  });
});

describe("DESTROY_SESSION", () => {
  const destroy = (traffic: ModelTraffic, status: number, sessionId = SESSION) => {
    const call = traffic.newCall();
    traffic.operations.destroySessionCall(call, sessionId);
    const reply = traffic.newReply();
    const args = { sessionId };
    traffic.operations.destroySession({ call, reply, status, args, result: status === 0 ? true : null });
    return { call, reply };
  };

  test("ends the session at its reply", () => {
    const traffic = created();
    const { call, reply } = destroy(traffic, 0);
    expect(traffic.session()).toMatchObject({ endedBy: "destroyed", endingCall: call, ended: { frame: reply.frame } });
    expect(traffic.news()).toEqual(["destroy-session-call", "destroy-session", "session-ended"]);
    traffic.call({ seq: 1 });
    expect(traffic.news()).toEqual(["call-dead-session"]);
  });

  test("BADSESSION for a known session: the server no longer knows it", () => {
    const traffic = created();
    destroy(traffic, BADSESSION);
    expect(traffic.session()).toMatchObject({ ended: null, isLive: false });
  });

  test("BADSESSION for one that nobody named", () => {
    const traffic = created();
    destroy(traffic, BADSESSION, OTHER);
    expect(traffic.news()).toContain("unknown-session");
  });

  test("any other error changes nothing", () => {
    const traffic = created();
    destroy(traffic, 10057);
    expect(traffic.session()!.isLive).toBe(true);
  });
});

test("DESTROY_CLIENTID ends the client ID and its sessions", () => {
  const traffic = created();
  const call = traffic.newCall();
  const args = { clientId: "c1" };
  traffic.operations.destroyClientid({ call, reply: traffic.newReply(), status: 0, args, result: true });
  expect(server(traffic).clients.get("c1")!.ended).not.toBeNull();
  expect(traffic.session()).toMatchObject({ endedBy: "client-destroyed" });
  // A new client ID may have the same number.
  traffic.exchangeId("c1");
  expect(server(traffic).clients.get("c1")!.ended).toBeNull();
});

test("RECLAIM_COMPLETE is noted with the client", () => {
  const traffic = created();
  const call = traffic.call({ seq: 1 });
  const reply = traffic.ok(call);
  traffic.operations.reclaimCompleteCall(call, false);
  traffic.operations.reclaimComplete({ call, reply, status: 0, args: { oneFs: false }, result: true });
  expect(traffic.session()!.client).toMatchObject({ reclaimCompleteSent: call, reclaimCompleted: call });
});

test("RECLAIM_COMPLETE of one file system says nothing of the others", () => {
  const traffic = created();
  const call = traffic.call({ seq: 1 });
  const reply = traffic.ok(call);
  traffic.operations.reclaimCompleteCall(call, true);
  traffic.operations.reclaimComplete({ call, reply, status: 0, args: { oneFs: true }, result: true });
  expect(traffic.session()!.client).toMatchObject({ reclaimCompleteSent: null, reclaimCompleted: null });
});
