import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  FRAGMENT_BYTES_MAX,
  FRAGMENT_TIMEOUT_MICROS,
  FRAGMENTED_DATAGRAMS_MAX,
  FRAGMENTS_PER_DATAGRAM_MAX,
} from "../../src/net/fragments.ts";
import { Network } from "../../src/net/network.ts";
import { frameOf, ipv4Fragment, ipv4Fragments, ipv6Fragments, udpDatagram } from "../support/network-packets.ts";
import { StreamRecorder } from "../support/stream-recorder.ts";

const text = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGH";
const four = udpDatagram({ from: "10.0.0.2:700", to: "10.0.0.1:111", payload: text, ip: { id: 77 } });
const six = udpDatagram({ from: "[fd09::2]:700", to: "[fd09::1]:111", payload: text });

function receive(packets: readonly Uint8Array[], gapMicros = 10): { network: Network; got: string[] } {
  const sink = new StreamRecorder();
  const network = new Network(sink);
  for (const [index, packet] of packets.entries()) network.push(frameOf(packet, { micros: index * gapMicros }));
  return { network, got: sink.datagrams.map(({ bytes }) => Buffer.from(bytes).toString("latin1")) };
}

describe("fragments are put together", () => {
  test.each([
    ["IPv4", ipv4Fragments(four, 16)],
    ["IPv6", ipv6Fragments(six, 16, 0x1234)],
  ])("in every order: %s", (_, fragments) => {
    fc.assert(
      fc.property(fc.shuffledSubarray(fragments, { minLength: fragments.length }), (order) => {
        const { network, got } = receive(order);
        expect(got).toEqual([text]);
        expect(network.counters).toMatchObject({ udp: 1, heldFragments: fragments.length - 1, fragmentsDropped: 0 });
      }),
    );
  });

  test("interleaved with those of another datagram", () => {
    const other = udpDatagram({
      from: "10.0.0.2:700",
      to: "10.0.0.1:111",
      payload: text.toUpperCase(),
      ip: { id: 78 },
    });
    const [a1, a2, a3, a4] = ipv4Fragments(four, 16);
    const [b1, b2, b3, b4] = ipv4Fragments(other, 16);
    expect(receive([a1!, b3!, b1!, a2!, b4!, a4!, b2!, a3!]).got).toEqual([text.toUpperCase(), text]);
  });

  test("recorded twice, they make one datagram", () => {
    const twice = ipv4Fragments(four, 16).flatMap((fragment) => [fragment, fragment]);
    const { network, got } = receive(twice);
    expect(got).toEqual([text]);
    expect(network.counters).toMatchObject({ duplicateFrames: 4, fragmentsDropped: 0 });
  });

  test("the identification may be used again", () => {
    const again = udpDatagram({ from: "10.0.0.2:700", to: "10.0.0.1:111", payload: "again".repeat(8), ip: { id: 77 } });
    const packets = [...ipv4Fragments(four, 16), ...ipv4Fragments(again, 16)];
    expect(receive(packets, 110_000).got).toEqual([text, "again".repeat(8)]);
  });

  test("of an IPv6 datagram whose second part begins with more extension headers", () => {
    const fragments = ipv6Fragments(six, 16, 5);
    // The fragmentable part starts with destination options of 8 bytes: 16 bytes of payload move behind them.
    const whole = new Uint8Array(six.length + 8);
    whole.set(six.subarray(0, 40));
    whole.set([17, 0, 1, 4, 0, 0, 0, 0], 40);
    whole.set(six.subarray(40), 48);
    whole[6] = 60;
    expect(receive(ipv6Fragments(whole, 24, 6)).got).toEqual([text]);
    expect(receive(fragments).got).toEqual([text]);
  });
});

describe("fragments that do not fit are let go", () => {
  const header = four.slice(0, 20);
  const part = (offset: number, length: number, isLast = false): Uint8Array =>
    ipv4Fragment(header, offset, isLast, new Uint8Array(length).fill(0x41));

  test("overlapping ones take their datagram with them", () => {
    const { network, got } = receive([part(0, 16), part(8, 16), part(16, 8, true)]);
    network.finish();
    expect(got).toEqual([]);
    expect(network.counters.fragmentsDropped).toBe(3);
  });

  test("too late ones", () => {
    const [first, ...rest] = ipv4Fragments(four, 16);
    const sink = new StreamRecorder();
    const network = new Network(sink);
    network.push(frameOf(first!, { micros: 0 }));
    for (const fragment of rest) network.push(frameOf(fragment, { micros: FRAGMENT_TIMEOUT_MICROS + 1 }));
    expect(sink.datagrams).toEqual([]);
    expect(network.counters.fragmentsDropped).toBe(1);
  });

  test("beyond 64 KiB, of no length, or of one that is no multiple of 8", () => {
    const { network } = receive([part(65_528, 16, true), part(8, 0), part(0, 15)]);
    expect(network.counters).toMatchObject({ heldFragments: 3, fragmentsDropped: 3 });
  });

  test("a hole before a piece behind the end does not count as whole", () => {
    expect(receive([part(16, 8, true), part(40, 8), part(0, 8)]).got).toEqual([]);
  });

  test("too many of one datagram", () => {
    const many = Array.from({ length: FRAGMENTS_PER_DATAGRAM_MAX + 1 }, (_, index) => part(index * 16, 8));
    expect(receive(many).network.counters.fragmentsDropped).toBe(FRAGMENTS_PER_DATAGRAM_MAX + 1);
  });

  test("the snap length leaves the beginning, and the length on the wire", () => {
    const sink = new StreamRecorder();
    const network = new Network(sink);
    const [first, second, ...rest] = ipv4Fragments(four, 16);
    network.push(frameOf(first!));
    network.push(frameOf(second!, { snaplen: 30 }));
    for (const fragment of rest) network.push(frameOf(fragment));
    expect(sink.datagrams.map(({ bytes, length }) => [Buffer.from(bytes).toString(), length])).toEqual([
      [text.slice(0, 18), text.length],
    ]);
  });

  test("a flood of first fragments is bounded", () => {
    const sink = new StreamRecorder();
    const network = new Network(sink);
    const fragment = part(0, 1480);
    const frame = frameOf(fragment);
    const started = performance.now();
    for (let id = 0; id < 100_000; id++) {
      frame.bytes[frame.offset + 4] = id >> 8;
      frame.bytes[frame.offset + 5] = id;
      frame.bytes[frame.offset + 15] = id >> 16;
      network.push(frame);
    }
    expect(performance.now() - started).toBeLessThan(5_000);
    const limit = network.limits().find(({ name }) => name === "fragmented datagrams")!;
    expect(limit.bound).toBe(FRAGMENTED_DATAGRAMS_MAX);
    expect(limit.dropped).toBe(100_000 - FRAGMENTED_DATAGRAMS_MAX);
    expect(FRAGMENTED_DATAGRAMS_MAX * 1700).toBeLessThan(FRAGMENT_BYTES_MAX);
    network.finish();
    expect(network.counters.fragmentsDropped).toBe(100_000);
  });

  test("a flood of giant fragments is bounded by its bytes", () => {
    const network = new Network(new StreamRecorder());
    const frame = frameOf(part(0, 60_000));
    for (let id = 0; id < 2_000; id++) {
      frame.bytes[frame.offset + 4] = id >> 8;
      frame.bytes[frame.offset + 5] = id;
      network.push(frame);
    }
    const held = 2_000 - network.limits().find(({ name }) => name === "fragmented datagrams")!.dropped;
    expect(held * 60_000).toBeLessThanOrEqual(FRAGMENT_BYTES_MAX);
    expect(held).toBeGreaterThan(200);
  });
});
