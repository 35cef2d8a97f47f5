import { describe, expect, test } from "vitest";
import { RPC_GSS_SVC_INTEGRITY, RPC_GSS_SVC_NONE, RPC_GSS_SVC_PRIVACY } from "../../src/rpc/gss.ts";
import { writeCall, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { GssPeer, record } from "../support/gss.ts";
import { op, type Scenario, scenario } from "../support/scenario.ts";

const NFS = 100003;

function tallyOf({ wire }: Scenario) {
  return wire.analyzer.tally;
}

function accusations(wire: Scenario) {
  return wire.findings().filter(({ fault }) => fault === "client" || fault === "server");
}

describe("RPCSEC_GSS", () => {
  test.each([
    ["krb5", RPC_GSS_SVC_NONE],
    ["krb5i", RPC_GSS_SVC_INTEGRITY],
  ])("%s bodies are read", (_, service) => {
    const wire = scenario();
    const session = wire.session();
    const peer = new GssPeer(session.connection, service);
    for (const seq of [1, 2, 3]) peer.exchange([session.sequence(0, seq), op.putrootfh(), op.getattr()]);
    expect(accusations(wire)).toEqual([]);
    expect(tallyOf(wire)).toMatchObject({
      sequenceCalls: 3,
      sequenceReplies: 3,
      notUnderstood: 0,
      unansweredCalls: 0,
    });
  });

  test("krb5p bodies stay closed, calls and replies are paired all the same", () => {
    const wire = scenario();
    const session = wire.session();
    const peer = new GssPeer(session.connection, RPC_GSS_SVC_PRIVACY);
    for (const seq of [1, 2, 3]) peer.exchange([session.sequence(0, seq)]);
    expect(accusations(wire)).toEqual([]);
    expect(tallyOf(wire)).toMatchObject({ rpcCalls: 5, rpcReplies: 5, sequenceCalls: 0, unansweredCalls: 0 });
    expect(wire.wire.analyzer.connections[0]).toMatchObject({ encrypted: "krb5p", opaqueCalls: 3 });
  });
});

describe("RPC with TLS", () => {
  test("after STARTTLS nothing is read and nobody accused", () => {
    const wire = scenario();
    const { tcp } = wire.connect();
    const probe = new Sink();
    const cred = { flavor: 7, body: new Uint8Array(0) };
    writeCall(probe, { xid: 9, program: NFS, version: 4, procedure: 0, cred });
    tcp.send("client", record(probe));
    const answer = new Sink();
    writeReply(answer, { xid: 9, acceptStat: 0, verf: { flavor: 0, body: new TextEncoder().encode("STARTTLS") } });
    tcp.send("server", record(answer));
    for (let i = 0; i < 50; i++) tcp.send(i & 1 ? "server" : "client", new Uint8Array(300).fill(0x17));
    expect(wire.findings().filter(({ severity }) => severity !== "note")).toEqual([]);
    expect(wire.wire.analyzer.connections[0]?.encrypted).toBe("tls");
    expect(tallyOf(wire)).toMatchObject({ rpcCalls: 1, rpcReplies: 1, notUnderstood: 0 });
  });
});

describe("pairing", () => {
  test("a call whose bytes wait behind a hole still gets the reply that came first", () => {
    const wire = scenario();
    const session = wire.session();
    session.slot(0).exchange(1, 2);
    session.slot(0).send(3, undefined, { lost: true });
    session.slot(1).send(1).ok();
    session.slot(1).exchange(2, 4);
    expect(accusations(wire)).toEqual([]);
    expect(tallyOf(wire)).toMatchObject({ sequenceCalls: 6, sequenceReplies: 6, unansweredCalls: 0 });
  });

  test("messages behind a hole that nothing fills keep the frames that brought them", () => {
    const wire = scenario();
    const session = wire.session();
    session.slot(0).exchange(1);
    session.slot(0).send(2, undefined, { lost: true });
    const held = [session.slot(1).send(1), session.slot(2).send(1)];
    for (const call of held) call.ok();
    const [server] = wire.wire.analyzer.observation.servers;
    const { slots } = server!.sessions.get(session.id)!.fore;
    expect([slots[1]!.current?.frame, slots[2]!.current?.frame]).toEqual(held.map(({ frame }) => frame));
    expect(slots[1]!.current!.at).toBeLessThan(slots[1]!.current!.reply!.at);
  });

  test("a reply without a call is counted once it is certain that none comes", () => {
    const wire = scenario();
    const session = wire.session();
    session.slot(0).exchange(1, 2);
    session.slot(0).send(3, undefined, { lost: true }).ok();
    session.slot(0).exchange(4, 6);
    expect(tallyOf(wire)).toMatchObject({ sequenceCalls: 5, sequenceReplies: 5 });
    expect(accusations(wire)).toEqual([]);
    expect(tallyOf(wire)).toMatchObject({ sequenceCalls: 5, sequenceReplies: 6, unansweredCalls: 0 });
  });

  test("callbacks are told apart from calls and paired in their own xid space", () => {
    const wire = scenario();
    const session = wire.session({ flags: 2 });
    const call = session.slot(0).send(1);
    const callback = session.connection.callback([session.callbackSequence(0, 1)], { xid: call.xid });
    callback.ok();
    call.ok();
    expect(accusations(wire)).toEqual([]);
    expect(tallyOf(wire)).toMatchObject({ callbackCalls: 1, callbackReplies: 1, sequenceReplies: 1, rpcCalls: 3 });
  });

  test("NFSv4.0 and other programs are counted, not decoded", () => {
    const wire = scenario();
    const connection = wire.connect();
    connection.call([op.putrootfh()], { minor: 0 }).ok();
    const mount = new Sink();
    writeCall(mount, { xid: 3, program: 100005, version: 3, procedure: 1 });
    connection.tcp.send("client", record(mount));
    wire.findings();
    expect(tallyOf(wire).compounds).toEqual([1, 0, 0]);
    expect([...tallyOf(wire).otherRpc]).toEqual([["100005.3", 1]]);
    expect(tallyOf(wire)).toMatchObject({ rpcCalls: 2, rpcReplies: 1, unansweredCalls: 1, sequenceCalls: 0 });
  });

  test("NFS is found by its content on any port", () => {
    const wire = scenario();
    const connection = wire.connect("10.0.0.2:705", { server: "10.0.0.1:4321" });
    wire.session({ on: connection }).slot(0).exchange(1, 3);
    wire.findings();
    expect(tallyOf(wire)).toMatchObject({ sequenceCalls: 3, sequenceReplies: 3, notUnderstood: 0 });
    expect([...wire.wire.analyzer.observation.servers][0]?.endpoint).toBe("10.0.0.1:4321");
  });
});

describe("a stream joined in its middle", () => {
  test("a first message that comes in pieces is not lost, and no hole", () => {
    const wire = scenario();
    const { tcp } = wire.connect(undefined, { handshake: false });
    const call = new Sink();
    writeCall(call, { xid: 9, program: NFS, version: 4, procedure: 0 });
    const bytes = record(call);
    for (const [from, to] of [
      [0, 3],
      [3, 14],
      [14, 20],
      [20, bytes.length],
    ] as const)
      tcp.send("client", bytes.subarray(from, to));
    expect(tallyOf(wire).rpcCalls).toBe(1);
    expect(wire.wire.analyzer.connections[0]!.gaps).toEqual([]);
  });
});
