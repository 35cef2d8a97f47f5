import { describe, expect, test } from "vitest";
import { CONNECTIONS_MAX, CONNECTIONS_PER_BUCKET_MAX } from "../../src/net/connection-table.ts";
import type { NetworkCounters } from "../../src/net/counters.ts";
import { Network } from "../../src/net/network.ts";
import type { Connection } from "../../src/net/stream.ts";
import { Conversation } from "../support/conversation.ts";
import {
  cooked,
  ethernet,
  frameOf,
  ipPacket,
  ipv4Fragments,
  ipv6Fragments,
  LINK,
  loopback,
  type TestFrame,
  tcpSegment,
  toBytes,
  udpDatagram,
} from "../support/network-packets.ts";
import { integer, pick, random } from "../support/random.ts";
import { StreamRecorder } from "../support/stream-recorder.ts";

function sumOfKinds(counters: NetworkCounters): number {
  const { tcp, udp, otherIp, heldFragments, nonIp, unknownLink, malformed } = counters;
  return tcp + udp + otherIp + heldFragments + nonIp + unknownLink + malformed;
}

test("each frame counts as what it is", () => {
  const network = new Network(new StreamRecorder());
  const segment = tcpSegment({ from: "10.0.0.2:801", to: "10.0.0.1:2049", seq: 1, payload: "call" });
  const datagram = udpDatagram({ from: "10.0.0.2:801", to: "10.0.0.1:111", payload: "a datagram", ip: { id: 3 } });
  const arp = ethernet(segment);
  arp.set([8, 6], 12);
  network.push(frameOf(segment));
  network.push(frameOf(datagram));
  for (const fragment of ipv4Fragments(datagram, 8)) network.push(frameOf(fragment));
  network.push(frameOf(ipPacket(1, "10.0.0.2", "10.0.0.1", toBytes("ping"))));
  network.push(frameOf(arp, { linkType: LINK.ethernet }));
  network.push(frameOf(segment, { linkType: 147 }));
  network.push(frameOf(segment.slice(0, 12)));
  expect(network.counters).toMatchObject({
    frames: 9,
    tcp: 1,
    udp: 2,
    heldFragments: 2,
    otherIp: 1,
    nonIp: 1,
    unknownLink: 1,
    malformed: 1,
    reassembledDatagrams: 1,
    duplicateFrames: 1,
  });
  expect(sumOfKinds(network.counters)).toBe(9);
});

test("a connection may change its link layer from frame to frame, as on several interfaces", () => {
  const wire = new Conversation().handshake();
  const one = wire.packet(wire.client, wire.server, { payload: "one" });
  const two = wire.packet(wire.client, wire.server, { payload: "two" });
  const three = wire.packet(wire.client, wire.server, { payload: "three" });
  wire.push(ethernet(one, { tags: [[0x8100, 4]], trailer: new Uint8Array(9) }), { linkType: LINK.ethernet });
  wire.push(cooked(two, 2), { linkType: LINK.sll2 });
  wire.push(loopback(three, 2, "little"), { linkType: LINK.null });
  expect(wire.clientStream()).toEqual(["onetwothree"]);
});

test("TCP segments in fragments are segments", () => {
  const wire = new Conversation().handshake();
  for (const fragment of ipv4Fragments(wire.packet(wire.client, wire.server, { payload: "fragmented call" }), 16)) {
    wire.push(fragment);
  }
  expect(wire.clientStream()).toEqual(["fragmented call"]);
});

test("frames without a time come right after the one before", () => {
  const sink = new StreamRecorder();
  const network = new Network(sink);
  for (const payload of ["one", "two"]) {
    const seq = payload === "one" ? 10 : 13;
    const frame = frameOf(tcpSegment({ from: "10.0.0.2:801", to: "10.0.0.1:2049", seq, payload }));
    network.push({ ...frame, seconds: Number.NaN });
  }
  expect(sink.told[0]![0]).toEqual(["onetwo"]);
});

describe("floods are bounded", () => {
  const syn = tcpSegment({ from: "10.0.0.2:801", to: "10.0.0.1:2049", seq: 1, flags: "S" });

  function flood(
    frames: number,
    change: (bytes: Uint8Array, index: number) => void,
    packet = syn,
  ): {
    network: Network;
    living: Set<Connection>;
    most: number;
  } {
    const living = new Set<Connection>();
    const consumer = { bytes() {}, missing() {} };
    const seen = { most: 0 };
    const network = new Network({
      open(connection) {
        living.add(connection);
        seen.most = Math.max(seen.most, living.size);
        return consumer;
      },
      closed: (connection) => void living.delete(connection),
      datagram() {},
    });
    const frame: TestFrame = frameOf(packet);
    const bytes = frame.bytes.subarray(frame.offset);
    for (let index = 0; index < frames; index++) {
      change(bytes, index);
      network.push(frame);
    }
    return { network, living, most: seen.most };
  }

  test("100,000 SYNs of as many hosts", () => {
    const started = performance.now();
    const { network, most } = flood(100_000, (bytes, index) =>
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(12, index),
    );
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(network.counters.connections).toBe(100_000);
    expect(most).toBeLessThanOrEqual(CONNECTIONS_MAX + 1);
    expect(network.counters.connectionsEvicted).toBeGreaterThanOrEqual(100_000 - CONNECTIONS_MAX);
    const limit = network.limits().find(({ name }) => name === "TCP connections")!;
    expect(limit.dropped).toBe(network.counters.connectionsEvicted);
  });

  test("100,000 SYNs of one 4-tuple, each with another number", () => {
    const { network, living } = flood(100_000, (bytes, index) =>
      new DataView(bytes.buffer, bytes.byteOffset).setUint32(24, index),
    );
    expect(network.counters.connections).toBe(100_000);
    expect(living.size).toBe(1);
  });

  test("addresses made to fall on one bucket do not make the search long", () => {
    const packet = tcpSegment({ from: "[fd09::2]:801", to: "[fd09::1]:2049", seq: 1, flags: "S" });
    const started = performance.now();
    const { network, most } = flood(
      100_000,
      (bytes, index) => {
        // The table's hash takes the last two words into account as `word2 ^ word3 * 0x2c1b3c6d`: here always 0.
        const view = new DataView(bytes.buffer, bytes.byteOffset);
        view.setInt32(16, Math.imul(index, 0x2c1b3c6d));
        view.setUint32(20, index);
      },
      packet,
    );
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(network.counters.connectionsEvicted).toBe(100_000 - CONNECTIONS_PER_BUCKET_MAX);
    expect(most).toBe(CONNECTIONS_PER_BUCKET_MAX);
  });

  test("the longest idle goes first, ended ones before all", () => {
    const sink = { opened: [] as Connection[], gone: [] as Connection[] };
    const network = new Network({
      open(connection, index) {
        if (index === 0) sink.opened.push(connection);
        return { bytes() {}, missing() {} };
      },
      closed: (connection) => void sink.gone.push(connection),
      datagram() {},
    });
    const send = (host: number, flags = "S"): void => {
      const from = `10.1.${host >> 8}.${host & 255}:801`;
      network.push(frameOf(tcpSegment({ from, to: "10.0.0.1:2049", seq: 1, flags })));
    };
    for (let host = 0; host < CONNECTIONS_MAX; host++) send(host);
    expect(sink.gone).toEqual([]);
    send(0, "SA");
    send(5, "R");
    expect(sink.gone.map(({ ends, ended }) => [ends[0].address, ended])).toEqual([["10.1.0.5", "rst"]]);
    send(CONNECTIONS_MAX);
    // The ended one went, and was closed already.
    expect(sink.gone).toHaveLength(1);
    send(CONNECTIONS_MAX + 1);
    // Host 0 was active after host 1.
    expect(sink.gone.map(({ ends }) => ends[0].address)).toEqual(["10.1.0.5", "10.1.0.1"]);
    expect(sink.gone[1]).toMatchObject({ ended: null, facts: { evicted: true } });
  });
});

describe("hostile frames", () => {
  const segment = { from: "10.0.0.2:801", to: "10.0.0.1:2049" };
  const six = { from: "[fd09::2]:801", to: "[fd09::1]:2049" };
  const big = udpDatagram({ ...segment, payload: "d".repeat(90), ip: { id: 4 } });
  const seeds: readonly (readonly [Uint8Array, number])[] = [
    [tcpSegment({ ...segment, seq: 100, flags: "S" }), LINK.raw],
    [tcpSegment({ ...segment, seq: 101, ack: 9, payload: "some bytes" }), LINK.raw],
    [tcpSegment({ ...segment, seq: 131, ack: 9, payload: "more bytes" }), LINK.raw],
    [tcpSegment({ from: segment.to, to: segment.from, seq: 9, ack: 141, payload: "reply" }), LINK.raw],
    [tcpSegment({ ...segment, seq: 141, ack: 14, flags: "FA" }), LINK.raw],
    [
      ethernet(tcpSegment({ ...six, seq: 1, payload: "bytes" }), {
        tags: [
          [0x88a8, 1],
          [0x8100, 2],
        ],
      }),
      LINK.ethernet,
    ],
    [
      ethernet(tcpSegment({ ...six, seq: 1, payload: "bytes", ip: { extensions: [[0, new Uint8Array(7)]] } })),
      LINK.ethernet,
    ],
    [cooked(big, 1), LINK.sll],
    [cooked(big, 2), LINK.sll2],
    [loopback(big, 2, "little"), LINK.null],
    ...ipv4Fragments(big, 32).map((fragment) => [fragment, LINK.raw] as const),
    ...ipv6Fragments(udpDatagram({ ...six, payload: "e".repeat(90) }), 32, 8).map(
      (fragment) => [fragment, LINK.raw] as const,
    ),
  ];

  test.each([1, 2, 3, 4, 5, 6, 7, 8])("seed %i: nothing is thrown, every frame is counted once", (seed) => {
    const next = random(seed);
    const sink = new StreamRecorder();
    const network = new Network(sink);
    sink.open = () => ({
      bytes(bytes, start, end) {
        expect(start >= 0 && end > start && end <= bytes.length, `seed ${seed}`).toBe(true);
      },
      missing: (length) => expect(length, `seed ${seed}`).toBeGreaterThan(0),
    });
    for (let count = 0; count < 20_000; count++) {
      const [packet, linkType] = pick(next, seeds);
      const bytes = packet.slice();
      for (let flips = integer(next, 0, 3); flips > 0; flips--) {
        bytes[integer(next, 0, bytes.length - 1)] = integer(next, 0, 255);
      }
      const frame = frameOf(bytes, {
        micros: count * integer(next, 0, 2_000),
        linkType: next() < 0.02 ? integer(next, 0, 300) : linkType,
        snaplen: next() < 0.2 ? integer(next, 0, bytes.length) : bytes.length,
        fcsLength: next() < 0.05 ? integer(next, 0, 40) : 0,
      });
      if (next() < 0.02) frame.originalLength = integer(next, 0, 100_000);
      network.push(frame);
    }
    network.finish();
    expect(sumOfKinds(network.counters), `seed ${seed}`).toBe(20_000);
    expect(network.counters.tcp).toBeGreaterThan(5_000);
  });

  test.each(Array.from({ length: 40 }, (_, seed) => seed))("seed %i: any segments on one 4-tuple", (seed) => {
    const next = random(seed);
    // The recorder checks that offsets add up, that nothing comes after the end, and that the end comes once.
    const sink = new StreamRecorder();
    const network = new Network(sink);
    const reach = pick(next, [30, 30, 2_000, 2 ** 27, 2 ** 31, 2 ** 32]);
    const base = integer(next, 0, 2 ** 32 - 1);
    for (let count = 0; count < 400; count++) {
      const isForward = next() < 0.7;
      const packet = tcpSegment({
        from: isForward ? segment.from : segment.to,
        to: isForward ? segment.to : segment.from,
        seq: (base + integer(next, 0, reach)) % 2 ** 32,
        ack: (base + integer(next, 0, reach)) % 2 ** 32,
        flags: next() < 0.9 ? "A" : pick(next, ["S", "SA", "FA", "R", "RA", "SF", "SFRPAU", "", "F"]),
        payload: "p".repeat(next() < 0.8 ? integer(next, 0, 9) : 0),
        ip: { id: integer(next, 0, 400) },
      });
      const snaplen = next() < 0.1 ? integer(next, 40, packet.length) : packet.length;
      network.push(frameOf(packet, { micros: count * integer(next, 0, 300_000), snaplen }));
    }
    network.finish();
    const closed = sink.connections.filter(({ ended }) => ended !== null).map(({ id }) => id);
    expect(
      [...sink.closedIds].sort((a, b) => a - b),
      `seed ${seed}`,
    ).toEqual(closed);
    expect(network.counters.connections).toBe(sink.connections.length);
  });

  test("every truncation of every kind of frame", () => {
    for (const [packet, linkType] of seeds) {
      const network = new Network(new StreamRecorder());
      for (let snaplen = 0; snaplen <= packet.length; snaplen++) {
        network.push(frameOf(packet, { linkType, snaplen }));
        network.push(frameOf(packet.slice(0, snaplen), { linkType }));
      }
      network.finish();
      expect(sumOfKinds(network.counters)).toBe(2 * (packet.length + 1));
    }
  });
});
