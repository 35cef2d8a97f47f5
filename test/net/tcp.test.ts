import { describe, expect, test } from "vitest";
import { Conversation } from "../support/conversation.ts";
import { tcpSegment } from "../support/network-packets.ts";

describe("opening", () => {
  test("a handshake, data both ways, FIN both ways", () => {
    const wire = new Conversation().handshake().fromClient("call").fromServer("reply");
    expect(wire.sink.connections[0]).toMatchObject({
      id: 0,
      initiator: 0,
      handshakeSeen: true,
      ended: null,
      ends: [
        { address: "10.0.0.2", port: 801 },
        { address: "10.0.0.1", port: 2049 },
      ],
    });
    wire.fromClient("", { flags: "FA" }).fromServer("bye", { flags: "FA" }).fromClient();
    expect([wire.clientStream(), wire.serverStream()]).toEqual([["call"], ["replybye"]]);
    expect(wire.sink.connections[0]!.ended).toBe("fin");
    expect(wire.sink.closedIds).toEqual([0]);
  });

  test("the delays of the handshake tell on which side the capture was taken", () => {
    const wire = new Conversation();
    wire.push(wire.packet(wire.client, wire.server, { flags: "S", at: -1 })).wait(40_000);
    wire.push(wire.packet(wire.server, wire.client, { flags: "SA", at: -1 })).fromClient("call");
    expect(wire.sink.connections[0]!.facts).toMatchObject({ synToSynAckMicros: 41_000, synAckToAckMicros: 1_000 });
  });

  test("a SYN/ACK seen first belongs to the same connection as its late SYN", () => {
    const wire = new Conversation();
    const syn = wire.packet(wire.client, wire.server, { flags: "S", at: -1 });
    wire
      .push(wire.packet(wire.server, wire.client, { flags: "SA", at: -1 }))
      .push(syn)
      .fromClient("call");
    expect(wire.sink.connections).toHaveLength(1);
    expect(wire.sink.connections[0]).toMatchObject({ initiator: 1, handshakeSeen: true });
    expect(wire.clientStream()).toEqual(["call"]);
  });

  test("a SYN recorded behind the data it precedes opens nothing", () => {
    const wire = new Conversation();
    const syn = wire.packet(wire.client, wire.server, { flags: "S", at: -1 });
    wire.fromClient("call").push(syn).fromClient("more");
    expect(wire.sink.connections).toHaveLength(1);
    expect(wire.clientStream()).toEqual(["callmore"]);
  });

  test("in the middle: the first segment of each direction tells where its stream is", () => {
    const wire = new Conversation("10.0.0.2:801", "10.0.0.1:2049", [0xfffffffa, 0x7ffffffa]);
    wire.fromServer("reply").fromClient("call").fromServer("reply");
    expect(wire.sink.connections[0]).toMatchObject({ initiator: null, handshakeSeen: false });
    expect([wire.clientStream(), wire.serverStream()]).toEqual([["call"], ["replyreply"]]);
  });

  test("in the middle, with a keep-alive first: its number is one too low", () => {
    const wire = new Conversation().fromClient("call", { at: 10 });
    wire.fromServer("", { at: 99 }).fromServer("reply", { at: 100 });
    expect(wire.serverStream()).toEqual(["reply"]);
    expect(wire.network.counters.gaps).toBe(0);
  });

  test("data on the SYN (TCP Fast Open) is data", () => {
    const wire = new Conversation();
    wire.push(wire.packet(wire.client, wire.server, { flags: "S", at: -1, payload: "fast", seq: 1000 }));
    wire.client.sent = 4;
    wire
      .push(wire.packet(wire.server, wire.client, { flags: "SA", at: -1 }))
      .fromClient("more")
      .fromServer("reply");
    expect(wire.clientStream()).toEqual(["fastmore"]);
  });

  test("IPv6", () => {
    const wire = new Conversation("[fd09::2]:801", "[fd09::1]:2049").handshake().fromClient("call").fromServer("reply");
    expect(wire.sink.connections[0]!.ends.map(({ address }) => address)).toEqual(["fd09::2", "fd09::1"]);
    expect([wire.clientStream(), wire.serverStream()]).toEqual([["call"], ["reply"]]);
  });

  test("connections of one pair of hosts are kept apart by their ports", () => {
    const wire = new Conversation().handshake();
    const other = { from: "10.0.0.2:802", to: "10.0.0.1:2049" };
    wire
      .fromClient("one")
      .push(tcpSegment({ ...other, seq: 1001, payload: "two" }))
      .fromClient("one");
    expect(wire.sink.told.map(([half]) => half)).toEqual([["oneone"], ["two"]]);
  });
});

describe("what opens nothing", () => {
  test.each(["A", "FA", "R", "RA", "SR"])("a segment %s without payload, out of the blue", (flags) => {
    const wire = new Conversation().fromClient("", { flags });
    expect(wire.sink.connections).toEqual([]);
    expect(wire.network.counters).toMatchObject({ tcp: 1, straySegments: 1 });
  });

  test("stragglers after the end", () => {
    const wire = new Conversation().handshake().fromClient("call", { flags: "FA" }).fromServer("", { flags: "FA" });
    wire.fromClient().fromServer("", { flags: "RA" }).fromClient("", { flags: "FA" }).wait(9_000_000);
    wire.fromClient("call", { at: 0 }).fromClient("junk");
    expect(wire.sink.connections).toHaveLength(1);
    expect(wire.sink.closedIds).toEqual([0]);
    expect(wire.network.counters.segmentsAfterClose).toBe(2);
  });
});

describe("one 4-tuple, several connections", () => {
  function reopened(first: Conversation): Conversation {
    first.client.initial = 900_000;
    first.server.initial = 3_000_000_000;
    first.client.sent = 0;
    first.server.sent = 0;
    return first.handshake().fromClient("again").fromServer("yes");
  }

  test("after FIN", () => {
    const wire = new Conversation().handshake().fromClient("call", { flags: "FA" }).fromServer("", { flags: "FA" });
    reopened(wire);
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["fin", null]);
    expect([wire.clientStream(1), wire.serverStream(1)]).toEqual([["again"], ["yes"]]);
  });

  test("after RST", () => {
    const wire = new Conversation().handshake().fromClient("call").fromServer("", { flags: "RA" });
    reopened(wire);
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["rst", null]);
  });

  test("with no end seen: the old one ends with the new one's SYN", () => {
    const wire = reopened(new Conversation().handshake().fromClient("call"));
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["reuse", null]);
    expect(wire.sink.closedIds).toEqual([0]);
    expect([wire.clientStream(0), wire.clientStream(1)]).toEqual([["call"], ["again"]]);
  });

  test("with the new SYN lost, its SYN/ACK tells", () => {
    const wire = new Conversation().handshake().fromClient("call");
    Object.assign(wire.client, { initial: 900_000, sent: 0 });
    Object.assign(wire.server, { initial: 3_000_000_000, sent: 0 });
    wire.push(wire.packet(wire.server, wire.client, { flags: "SA", at: -1 })).fromClient("again");
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["reuse", null]);
    expect(wire.clientStream(1)).toEqual(["again"]);
  });

  test("with the whole new handshake lost, segments from elsewhere tell in the end", () => {
    const wire = new Conversation().handshake().fromClient("call");
    Object.assign(wire.client, { initial: 900_000_000, sent: 0 });
    for (let count = 0; count < 10; count++) wire.fromClient("again");
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["reuse", null]);
    expect(wire.clientStream(1)).toEqual(["againagainagain"]);
    expect(wire.network.counters.outOfWindowSegments).toBe(8);
  });

  test("a challenge ACK of the old one, and the RST it draws, do not disturb the new one", () => {
    const wire = new Conversation().handshake().fromClient("call");
    const challenge = wire.packet(wire.server, wire.client, {});
    Object.assign(wire.client, { initial: 0x90000000, sent: 0 });
    wire.push(wire.packet(wire.client, wire.server, { flags: "S", at: -1 })).push(challenge);
    wire.push(tcpSegment({ from: "10.0.0.2:801", to: "10.0.0.1:2049", seq: 1005, flags: "R" }));
    Object.assign(wire.server, { initial: 77, sent: 0 });
    wire
      .push(wire.packet(wire.server, wire.client, { flags: "SA", at: -1 }))
      .fromClient("again")
      .fromServer("yes");
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["reuse", null]);
    expect([wire.clientStream(1), wire.serverStream(1)]).toEqual([["again"], ["yes"]]);
  });

  test("a SYN sent again is no other connection", () => {
    const wire = new Conversation();
    const syn = (): Uint8Array => wire.packet(wire.client, wire.server, { flags: "S", at: -1 });
    wire.push(syn()).wait(1_000_000).push(syn());
    wire.push(wire.packet(wire.server, wire.client, { flags: "SA", at: -1 })).fromClient("call");
    expect(wire.sink.connections).toHaveLength(1);
    expect(wire.sink.connections[0]!.facts).toMatchObject({ retransmittedSegments: 1, synToSynAckMicros: 1_000 });
  });
});

describe("ending", () => {
  test("what waits behind a hole is delivered before the end is told", () => {
    const wire = new Conversation()
      .handshake()
      .clientUnseen("one")
      .fromClient("two")
      .fromServer("", { flags: "RA", acks: 0 });
    expect(wire.clientStream()).toEqual([{ missing: 3, why: "gap" }, "two"]);
    expect(wire.sink.connections[0]!.ended).toBe("rst");
  });

  test("data behind a FIN is ignored", () => {
    const wire = new Conversation().handshake().fromClient("call", { flags: "FA" }).fromClient("junk", { at: 5 });
    wire.fromServer("reply");
    expect([wire.clientStream(), wire.serverStream()]).toEqual([["call"], ["reply"]]);
    expect(wire.network.counters.segmentsAfterClose).toBe(1);
  });

  test("data that reaches over the FIN is cut there", () => {
    const wire = new Conversation().handshake().fromClient("lljunk", { at: 2 });
    wire.fromClient("", { at: 4, flags: "FA" }).fromClient("ca", { at: 0 });
    expect(wire.clientStream()).toEqual(["call"]);
    wire.fromServer("", { flags: "FA" });
    expect(wire.sink.connections[0]!.ended).toBe("fin");
  });

  test("a RST from elsewhere is not believed", () => {
    const wire = new Conversation().handshake().fromClient("call");
    wire
      .push(tcpSegment({ from: "10.0.0.2:801", to: "10.0.0.1:2049", seq: 0x90000000, flags: "R" }))
      .fromClient("more");
    expect(wire.clientStream()).toEqual(["callmore"]);
    expect(wire.network.counters.outOfWindowSegments).toBe(1);
  });

  test("a connection that lives on is not closed when the capture ends", () => {
    const wire = new Conversation().handshake().fromClient("call");
    wire.network.finish();
    wire.network.finish();
    expect(wire.sink.closedIds).toEqual([]);
  });
});

describe("what is no data", () => {
  test("keep-alives, with and without a byte", () => {
    const wire = new Conversation().handshake().fromClient("call").fromServer();
    wire
      .fromClient("", { at: 3 })
      .fromServer()
      .wait(75_000_000)
      .fromClient("\0", { at: 3 })
      .fromServer()
      .fromClient("more");
    expect(wire.clientStream()).toEqual(["callmore"]);
    expect(wire.network.counters).toMatchObject({ keepAlives: 2, retransmittedSegments: 0, gaps: 0 });
  });

  test("a probe of a closed window carries the next byte, which comes again", () => {
    const wire = new Conversation().handshake().fromClient("call").fromServer("", { window: 0 });
    wire.fromClient("m").fromServer("", { window: 0, acks: 4 }).fromClient("more", { at: 4 });
    expect(wire.clientStream()).toEqual(["callmore"]);
    expect(wire.sink.connections[0]!.facts.zeroWindows).toBe(2);
  });

  test("retransmissions, whole and in part", () => {
    const wire = new Conversation().handshake().fromClient("one").fromClient("two").wait(300_000);
    wire.fromClient("one", { at: 0 }).fromClient("onetwothree", { at: 0 }).fromClient("twothreefour", { at: 3 });
    expect(wire.clientStream()).toEqual(["onetwothreefour"]);
    expect(wire.network.counters.retransmittedSegments).toBe(3);
  });

  test("urgent data stays in line", () => {
    const wire = new Conversation().handshake().fromClient("call", { flags: "AU" }).fromClient("more");
    expect(wire.clientStream()).toEqual(["callmore"]);
  });
});

describe("packets recorded twice", () => {
  test("every one of a conversation, with another TTL: nothing changes, and no retransmission is counted", () => {
    const wire = new Conversation();
    const send = (side: "client" | "server", spec: object): void => {
      const packet = wire.packet(wire[side], wire[side === "client" ? "server" : "client"], spec);
      const routed = packet.slice();
      routed[8]!--;
      wire.push(packet).push(routed);
    };
    send("client", { flags: "S", at: -1 });
    send("server", { flags: "SA", at: -1 });
    send("client", { payload: "call" });
    send("server", { payload: "reply" });
    send("client", {});
    send("server", { flags: "FA" });
    send("client", { flags: "FA" });
    send("server", {});
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["fin"]);
    expect([wire.clientStream(), wire.serverStream()]).toEqual([["call"], ["reply"]]);
    expect(wire.network.counters).toMatchObject({
      tcp: 16,
      duplicateFrames: 8,
      retransmittedSegments: 0,
      keepAlives: 0,
    });
    expect(wire.sink.connections[0]!.facts.duplicateFrames).toBe(8);
  });

  test("a RST, and a SYN of the next connection", () => {
    const wire = new Conversation().handshake();
    const rst = wire.packet(wire.server, wire.client, { flags: "RA" });
    wire.client.initial = 99;
    const syn = wire.packet(wire.client, wire.server, { flags: "S", at: -1 });
    wire.push(rst).push(rst).push(syn).push(rst).push(syn);
    expect(wire.sink.connections.map(({ ended }) => ended)).toEqual(["rst", null]);
    expect(wire.network.counters.duplicateFrames).toBe(3);
  });

  test("an acknowledgement of more than before is none, its second recording is", () => {
    const wire = new Conversation().handshake().fromClient("call").fromServer("reply");
    const ack = wire.packet(wire.client, wire.server, {});
    wire.push(ack).push(ack).fromClient("call").push(ack);
    expect(wire.network.counters).toMatchObject({ duplicateFrames: 2, keepAlives: 0 });
  });

  test("an early segment", () => {
    const wire = new Conversation().handshake();
    const late = wire.packet(wire.client, wire.server, { payload: "one" });
    const early = wire.packet(wire.client, wire.server, { payload: "two" });
    wire.push(early).push(early).push(late).push(late);
    expect(wire.clientStream()).toEqual(["onetwo"]);
    expect(wire.network.counters).toMatchObject({ duplicateFrames: 2, retransmittedSegments: 0 });
  });

  test("a true retransmission has another identification, or comes later", () => {
    const wire = new Conversation().handshake().fromClient("call").fromClient("call", { at: 0 });
    expect(wire.network.counters).toMatchObject({ duplicateFrames: 0, retransmittedSegments: 1 });
  });
});

describe("the snap length", () => {
  test("what it cut is missing in its place, and the stream goes on", () => {
    const wire = new Conversation().handshake();
    wire.capture = { snaplen: 44 };
    wire.fromClient("call and more").fromClient("next").fromServer("reply!!");
    expect(wire.clientStream()).toEqual(["call", { missing: 9, why: "snaplen" }, "next"]);
    expect(wire.serverStream()).toEqual(["repl", { missing: 3, why: "snaplen" }]);
    expect(wire.network.counters).toMatchObject({ snaplenBytes: 12, gaps: 0 });
  });

  test("also where segments came early, overlapped or were cut before any payload", () => {
    const wire = new Conversation().handshake();
    const first = wire.packet(wire.client, wire.server, { payload: "first" });
    wire.capture = { snaplen: 42 };
    wire
      .fromClient("second")
      .fromClient("third", { options: new Uint8Array(4) })
      .push(first, { snaplen: 100 });
    expect(wire.clientStream()).toEqual(["firstse", { missing: 4, why: "snaplen" }, { missing: 5, why: "snaplen" }]);
  });

  test("a retransmission of a cut segment changes nothing", () => {
    const wire = new Conversation().handshake().fromClient("one");
    wire.push(wire.packet(wire.client, wire.server, { payload: "two" }), { snaplen: 41 });
    wire.fromClient("two", { at: 3 }).fromClient("three");
    expect(wire.clientStream()).toEqual(["onet", { missing: 2, why: "snaplen" }, "three"]);
  });

  test("a TCP header cut in two is malformed", () => {
    const wire = new Conversation().handshake();
    wire.push(wire.packet(wire.client, wire.server, { payload: "call" }), { snaplen: 39 });
    expect(wire.network.counters.malformed).toBe(1);
  });
});

test("an offloaded giant segment is a segment", () => {
  const giant = "g".repeat(200_000);
  const wire = new Conversation()
    .handshake()
    .fromClient(giant, { ip: { id: 9, statedLength: 0 } })
    .fromClient("next");
  expect(wire.clientStream()).toEqual([`${giant}next`]);
});

test("4 GiB and more: sequence numbers wrap, stream offsets do not", () => {
  const bytes = new Uint8Array(40 + 50_000_000);
  const header = tcpSegment({
    from: "10.0.0.2:801",
    to: "10.0.0.1:2049",
    seq: 7,
    payload: "x",
    ip: { statedLength: 0 },
  });
  bytes.set(header.subarray(0, 40));
  const wire = new Conversation();
  const frame = { seconds: 0, nanos: 0, linkType: 101, fcsLength: 0, bytes, offset: 0 };
  const seen = { bytes: 0, missing: 0 };
  wire.sink.open = () => ({
    bytes(_, start, end) {
      seen.bytes += end - start;
    },
    missing(length) {
      seen.missing += length;
    },
  });
  const view = new DataView(bytes.buffer);
  for (let sent = 0; sent < 100; sent++) {
    view.setUint32(24, (7 + sent * 50_000_000) >>> 0);
    wire.network.push({ ...frame, length: bytes.length, originalLength: bytes.length });
  }
  wire.network.finish();
  expect(seen).toEqual({ bytes: 5_000_000_000, missing: 0 });
});
