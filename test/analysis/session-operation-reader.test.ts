import { describe, expect, test } from "vitest";
import { op, scenario } from "../support/scenario.ts";
import { resultOf } from "../support/scenario-operations.ts";

describe("what the model learns from session operations", () => {
  test("EXCHANGE_ID and CREATE_SESSION: owner, client ID, session, attributes, flags, program", () => {
    const wire = scenario();
    const connection = wire.connect();
    const { clientId } = connection.exchangeId({
      owner: "Linux NFSv4.1 host",
      verifier: "0x0102030405060708",
      clientId: 0xabcn,
    });
    connection.createSession(clientId, {
      flags: 3,
      grantedFlags: 2,
      fore: { maxRequests: 64, maxOperations: 8 },
      foreGranted: { maxRequests: 30 },
    });
    const [server] = wire.wire.analyzer.observation.servers;
    const client = server!.clients.get("0000000000000abc");
    expect(client).toMatchObject({ verifier: "0102030405060708", confirmed: true, stateProtect: 0 });
    expect(Buffer.from(client!.ownerHex!, "hex").toString()).toBe("Linux NFSv4.1 host");
    const [session] = client!.sessions;
    expect(session).toMatchObject({ flags: 2, requestedFlags: 3, callbackProgram: 0x4000_0000, minorVersion: 1 });
    expect(session!.foreAttributes).toMatchObject({
      requested: { maxRequests: 64, maxOperations: 8, rdmaIrd: null },
      granted: { maxRequests: 30 },
    });
    expect(session!.back).not.toBeNull();
  });

  test("a new incarnation of an owner ends the old one's sessions when it creates its own", () => {
    const wire = scenario();
    const connection = wire.connect();
    const old = connection.createSession(connection.exchangeId({ verifier: "0x1111111111111111" }).clientId);
    const { clientId } = connection.exchangeId({ verifier: "0x2222222222222222" });
    const [server] = wire.wire.analyzer.observation.servers;
    expect(server!.sessions.get(old.id)!.ended).toBeNull();
    connection.createSession(clientId);
    expect(server!.sessions.get(old.id)).toMatchObject({ endedBy: "replaced" });
  });

  test("BIND_CONN_TO_SESSION and DESTROY_SESSION", () => {
    const wire = scenario();
    const session = wire.session();
    const second = wire.connect();
    second.bind(session.id, 7, 3).ok();
    const [server] = wire.wire.analyzer.observation.servers;
    const seen = server!.sessions.get(session.id)!;
    expect([...seen.connections.values()].map((channels) => [...channels].sort())).toEqual([
      ["fore"],
      ["back", "fore"],
    ]);
    const frame = second.destroySession(session.id).ok();
    expect(seen).toMatchObject({ endedBy: "destroyed", ended: { frame } });
  });

  test("a result that is cut off changes nothing and is no error", () => {
    const wire = scenario();
    const connection = wire.connect();
    const { call } = connection.createSessionCall(connection.exchangeId().clientId);
    call.refuse(4);
    const [server] = wire.wire.analyzer.observation.servers;
    expect(server!.sessions.size).toBe(0);
  });

  test.each(["PUTROOTFH", "DESTROY_SESSION", "EXCHANGE_ID"])(
    "the result of another operation (%s) is not taken for that of CREATE_SESSION",
    (name) => {
      const wire = scenario();
      const connection = wire.connect();
      const { call: exchange, clientId } = connection.exchangeId();
      const { call } = connection.createSessionCall(clientId);
      const other = name === "EXCHANGE_ID" ? exchange.steps[0]! : op.step(name);
      call.results(0, [resultOf(other)]);
      expect(wire.of("reply-op-mismatch")).toHaveLength(1);
      const [server] = wire.wire.analyzer.observation.servers;
      expect(server!.sessions.size).toBe(0);
    },
  );
});
