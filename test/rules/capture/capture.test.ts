import { expect } from "vitest";
import { writeCall, writeRecordMark, writeReply } from "../../../src/rpc/write.ts";
import { Sink } from "../../../src/xdr/sink.ts";
import { tcpSegment } from "../../support/network-packets.ts";
import { bad, good } from "../../support/rule-stories.ts";
import { type Connection, op, type Scenario } from "../../support/scenario.ts";

/** Of a frame: IP and TCP headers, then this much of the RPC message and its record mark. */
const HEADERS = 40;

/** A story whose end nobody is told of: the finding is about the capture, not about a slot. */
const NO_SLOT = { slot: null, seq: null, confidence: "certain" } as const;

bad("capture-mid-session", "the session was there before the capture", (wire) => {
  const session = wire.adopted();
  const first = session.slot(0).send(41);
  first.ok();
  session.slot(0).exchange(42);
  const last = session.slot(2).send(7);
  last.ok();
  return { ...NO_SLOT, severity: "note", fault: "capture", frames: [first.frame, last.frame] };
});

good("capture-mid-session", "the session was created before our eyes", (wire) => {
  wire.session().slot(0).exchange(1, 3);
});

bad("capture-gap", "a call and its reply were dropped", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(0).send(2, undefined, { lost: true }).ok([], { lost: true });
  session.slot(0).exchange(3);
  return { ...NO_SLOT, severity: "warning", fault: "capture", occurrences: 1 };
});

good("capture-gap", "a side that was not captured at all is another matter", (wire) => {
  const session = wire.adopted();
  for (const seq of [1, 2, 3]) session.slot(0).send(seq).ok([], { lost: true });
});

good("capture-gap", "everything was captured", (wire) => {
  wire.session().slot(0).exchange(1, 3);
});

good("capture-gap", "a segment came twice", (wire) => {
  wire.session().slot(0).exchange(1, 3);
  wire.wait(1);
  wire.wire.repeatLast();
});

bad("capture-missed-requests", "they fit into a hole", (wire) => {
  const slot = wire.session().slot(2);
  slot.exchange(1, 2);
  const before = slot.send(3);
  before.ok();
  for (const seq of [4, 5]) slot.send(seq, undefined, { lost: true }).ok([], { lost: true });
  const call = slot.send(6);
  return {
    severity: "warning",
    confidence: "certain",
    fault: "capture",
    frames: [before.frame, call.frame, call.ok()],
    slot: 2,
    seq: 6,
  };
});

bad("capture-missed-requests", "an encrypted connection may have carried them", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  startTls(wire.connect());
  wire.wait(1);
  session.slot(0).exchange(3);
  return { severity: "warning", fault: "capture", seq: 3 };
});

bad("capture-missed-requests", "messages were cut too short: only a note", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  wire.wire.snapLength = HEADERS + 40;
  session.slot(0).exchange(2, 3);
  wire.wire.snapLength = Number.POSITIVE_INFINITY;
  session.slot(0).exchange(4);
  return { ...NO_SLOT, severity: "note", fault: "capture" };
});

good("capture-missed-requests", "the jump is refused", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.send(4).fail(10063);
});

good("capture-missed-requests", "there was no time for them", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  slot.exchange(9);
});

good("capture-missed-requests", "a hole, but nothing of this slot was in it", (wire) => {
  const session = wire.session();
  session.slot(0).exchange(1);
  session.slot(1).send(1, undefined, { lost: true }).ok([], { lost: true });
  session.slot(0).exchange(2);
});

/** Requests of which every second one goes over a connection that nobody captures. */
function halfOf(wire: Scenario, jumps: number) {
  const session = wire.session();
  session.slot(0).exchange(1);
  let seen = { call: 0, reply: 0 };
  for (let jump = 0; jump < jumps; jump++) {
    wire.wait(0.1);
    const call = session.slot(0).send(3 + 2 * jump);
    seen = { call: call.frame, reply: call.ok() };
  }
  return seen;
}

bad("capture-other-paths", "every second request is not there, and no hole either", (wire) => {
  const third = halfOf(wire, 3);
  expect(wire.of("server-accepted-misordered")).toEqual([]);
  expect(wire.of("capture-missed-requests").reduce((sum, { occurrences }) => sum + occurrences, 0)).toBe(3);
  return { ...NO_SLOT, severity: "note", fault: "capture", frames: [third.call] };
});

good("capture-other-paths", "one jump proves nothing", (wire) => {
  halfOf(wire, 1);
});

good("capture-other-paths", "what is missing fits into holes", (wire) => {
  const slot = wire.session().slot(0);
  slot.exchange(1);
  for (const seq of [2, 4, 6, 8]) {
    wire.wait(0.1);
    slot.send(seq, undefined, { lost: true }).ok([], { lost: true });
    slot.exchange(seq + 1);
  }
});

bad("capture-one-way", "no packet of the server", (wire) => {
  const session = wire.adopted();
  const first = session.slot(0).send(1);
  first.ok([], { lost: true });
  for (const seq of [2, 3]) session.slot(0).send(seq).ok([], { lost: true });
  return { ...NO_SLOT, severity: "warning", fault: "capture", frames: [first.frame] };
});

good("capture-one-way", "both directions", (wire) => {
  wire.adopted().slot(0).exchange(1, 3);
});

good("capture-one-way", "a server that does not answer", (wire) => {
  wire.adopted().slot(0).send(1);
});

bad("capture-truncated", "most messages lost their SEQUENCE", (wire) => {
  const session = wire.session();
  wire.wire.snapLength = HEADERS + 60;
  const first = session.slot(0).send(1);
  first.ok();
  session.slot(0).exchange(2, 4);
  return { ...NO_SLOT, severity: "warning", fault: "capture", frames: [first.frame] };
});

bad("capture-truncated", "slots could still be followed: a note", (wire) => {
  const session = wire.session();
  wire.wire.snapLength = HEADERS + 160;
  session.slot(0).exchange(1, 4, [op.putfh(), op.write(new Uint8Array(500))]);
  expect(wire.wire.analyzer.tally).toMatchObject({ sequenceCalls: 4, sequenceReplies: 4 });
  return { ...NO_SLOT, severity: "note", fault: "capture" };
});

good("capture-truncated", "whole packets", (wire) => {
  wire.session().slot(0).exchange(1, 4);
});

good("capture-truncated", "a message cut by a hole", (wire) => {
  const { connection } = wire.session();
  connection.tcp.send("client", Uint8Array.of(0x80, 0, 1, 0, 0, 0, 0, 9, 0, 0, 0, 0, 0, 0, 0, 2));
  connection.tcp.loseNext().send("client", new Uint8Array(0xf4));
});

bad("capture-duplicate-packets", "a packet was recorded twice at once", (wire) => {
  wire.session().slot(0).exchange(1);
  const copy = wire.wire.repeatLast();
  return { ...NO_SLOT, severity: "note", fault: "capture", frames: [copy] };
});

good("capture-duplicate-packets", "it was sent twice, a second apart", (wire) => {
  wire.session().slot(0).exchange(1);
  wire.wait(1);
  wire.wire.repeatLast();
});

/** The call is recorded by an interface whose clock is behind. */
function late(wire: Scenario, secondsBehind: number): number {
  const { connection, slot } = withSlot(wire);
  slot.exchange(1);
  connection.tcp.holdNext();
  slot.send(2).ok();
  wire.wait(secondsBehind);
  return connection.tcp.release();
}

function withSlot(wire: Scenario) {
  const session = wire.session();
  return { connection: session.connection, slot: session.slot(0) };
}

bad("capture-clock-skew", "a reply two milliseconds before its call", (wire) => {
  const call = late(wire, 0.002);
  return { ...NO_SLOT, severity: "warning", fault: "capture", frames: [call] };
});

bad("capture-clock-skew", "within what is allowed for: a note", (wire) => {
  late(wire, 0);
  return { ...NO_SLOT, severity: "note", fault: "capture" };
});

good("capture-clock-skew", "calls before replies", (wire) => {
  withSlot(wire).slot.exchange(1, 3);
});

bad("capture-midstream-unsynced", "nothing readable behind a hole", (wire) => {
  const { connection, slot } = withSlot(wire);
  slot.exchange(1);
  connection.tcp.loseNext().send("server", new Uint8Array(200));
  connection.tcp.send("server", new Uint8Array(300).fill(0xee));
  return { ...NO_SLOT, severity: "note", fault: "capture" };
});

good("capture-midstream-unsynced", "the next message is found behind the hole", (wire) => {
  const { connection, slot } = withSlot(wire);
  slot.exchange(1);
  connection.tcp.loseNext().send("server", new Uint8Array(200));
  slot.exchange(2, 3);
});

good("capture-midstream-unsynced", "a side of which nothing was captured", (wire) => {
  const session = wire.adopted();
  for (const seq of [1, 2, 3]) session.slot(0).send(seq).ok([], { lost: true });
});

/** One RPC message with its record mark. */
function record(write: (sink: Sink) => void): Uint8Array {
  const message = new Sink();
  write(message);
  const bytes = message.finish();
  const mark = new Sink();
  writeRecordMark(mark, bytes.length);
  return new Uint8Array([...mark.finish(), ...bytes]);
}

/** RFC 9289 §4.1 */
function startTls({ tcp }: Connection): void {
  const cred = { flavor: 7, body: new Uint8Array(0) };
  const verf = { flavor: 0, body: new TextEncoder().encode("STARTTLS") };
  tcp.send(
    "client",
    record((sink) => writeCall(sink, { xid: 77, program: 100003, version: 4, procedure: 0, cred })),
  );
  tcp.send(
    "server",
    record((sink) => writeReply(sink, { xid: 77, acceptStat: 0, verf })),
  );
  tcp.send("client", Uint8Array.of(22, 3, 1, 0, 4, 1, 0, 0, 0));
}

bad("capture-encrypted", "the server starts TLS", (wire) => {
  const connection = wire.connect();
  const opened = wire.wire.frames - 2;
  startTls(connection);
  return { ...NO_SLOT, severity: "note", fault: "capture", frames: [opened] };
});

bad("capture-encrypted", "calls protected with krb5p", (wire) => {
  const connection = wire.connect();
  const opened = wire.wire.frames - 2;
  // rpc_gss_cred_t: version 1, RPCSEC_GSS_DATA, seq_num, rpc_gss_svc_privacy, a handle of four bytes. RFC 2203 §5.3.1
  const cred = {
    flavor: 6,
    body: Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0, 4, 1, 2, 3, 4),
  };
  const sealed = new Uint8Array(64).fill(0xa5);
  connection.tcp.send(
    "client",
    record((sink) => {
      writeCall(sink, { xid: 78, program: 100003, version: 4, procedure: 1, cred });
      sink.u32(sealed.length);
      for (const byte of sealed.subarray(0, 16)) sink.u32(byte * 0x1010101);
    }),
  );
  return { ...NO_SLOT, severity: "note", fault: "capture", frames: [opened] };
});

good("capture-encrypted", "plain traffic", (wire) => {
  withSlot(wire).slot.exchange(1, 3);
});

bad("tcp-retransmission", "a segment was sent again a second later", (wire) => {
  withSlot(wire).slot.exchange(1);
  wire.wait(1);
  const copy = wire.wire.repeatLast();
  return { ...NO_SLOT, severity: "note", fault: "network", frames: [copy] };
});

good("tcp-retransmission", "the same packet recorded twice is none", (wire) => {
  withSlot(wire).slot.exchange(1);
  wire.wire.repeatLast();
});

bad("tcp-out-of-window", "a segment of another life", (wire) => {
  const { connection, slot } = withSlot(wire);
  slot.exchange(1);
  const { client, server } = connection.tcp;
  const stray = wire.wire.capture(
    tcpSegment({
      from: client.name,
      to: server.name,
      seq: client.seq + 0x2000_0000,
      ack: server.seq,
      flags: "PA",
      payload: "x",
    }),
  );
  return { ...NO_SLOT, severity: "note", fault: "network", frames: [stray] };
});

good("tcp-out-of-window", "segments in order", (wire) => {
  withSlot(wire).slot.exchange(1, 3);
});

bad("tcp-zero-window", "the client does not read", (wire) => {
  const { connection, slot } = withSlot(wire);
  slot.exchange(1);
  const { client, server } = connection.tcp;
  wire.wire.capture(
    tcpSegment({ from: client.name, to: server.name, seq: client.seq, ack: server.seq, flags: "A", window: 0 }),
  );
  slot.exchange(2);
  return { ...NO_SLOT, severity: "note", fault: "network" };
});

good("tcp-zero-window", "windows stay open", (wire) => {
  withSlot(wire).slot.exchange(1, 3);
});
