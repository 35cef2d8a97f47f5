import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Network } from "../../src/net/network.ts";
import { PENDING_BYTES_PER_HALF_MAX, PENDING_PIECES_MAX } from "../../src/net/pending-segments.ts";
import { frameOf, tcpSegment } from "../support/network-packets.ts";
import { random } from "../support/random.ts";
import { StreamRecorder, type Told } from "../support/stream-recorder.ts";

const CLIENT = "10.0.0.2:801";
const SERVER = "10.0.0.1:2049";

interface Piece {
  at: number;
  text: string;
}

/** Pushes the pieces in this order, then the acknowledgement of `length` bytes; what the consumer was told. */
function reassemble(initial: number, pieces: readonly Piece[], length: number): { told: Told[]; network: Network } {
  const sink = new StreamRecorder();
  const network = new Network(sink);
  let frames = 0;
  const push = (packet: Uint8Array): void => network.push(frameOf(packet, { micros: frames++ * 1000 }));
  push(tcpSegment({ from: CLIENT, to: SERVER, seq: initial, flags: "S" }));
  push(tcpSegment({ from: SERVER, to: CLIENT, seq: 70, ack: initial + 1, flags: "SA" }));
  for (const [index, { at, text }] of pieces.entries()) {
    const spec = { from: CLIENT, to: SERVER, ack: 71, ip: { id: index + 1 } };
    push(tcpSegment({ ...spec, seq: initial + 1 + at, payload: text }));
  }
  push(tcpSegment({ from: SERVER, to: CLIENT, seq: 71, ack: initial + 1 + length }));
  network.finish();
  return { told: sink.told[0]![0], network };
}

/** The slow and obvious way: an array of bytes, the first copy of each wins. */
function oracle(pieces: readonly Piece[], length: number): Told[] {
  const bytes: (string | undefined)[] = new Array(length).fill(undefined);
  for (const { at, text } of pieces) {
    for (let index = 0; index < text.length; index++) bytes[at + index] ??= text[index];
  }
  const told: Told[] = [];
  for (const one of bytes) {
    const last = told.at(-1);
    if (one !== undefined) {
      if (typeof last === "string") told[told.length - 1] = last + one;
      else told.push(one);
    } else if (typeof last === "object") {
      last.missing++;
    } else {
      told.push({ missing: 1, why: "gap" });
    }
  }
  return told;
}

const INITIALS = fc.oneof(
  fc.constantFrom(0, 0x7ffffff0, 0x7fffffff, 0x80000000, 0xfffffff0, 0xffffffff),
  fc.nat(2 ** 32 - 1),
);
const LENGTH = 40;
/** Pieces of a stream of 40 bytes, each with bytes of its own, so that it shows which copy won. */
const PIECES = fc.array(
  fc
    .record({ at: fc.nat(LENGTH - 1), length: fc.integer({ min: 1, max: 12 }), letter: fc.nat(25) })
    .map(({ at, length, letter }) => ({
      at,
      text: Array.from({ length: Math.min(length, LENGTH - at) }, (_, i) =>
        String.fromCharCode(65 + ((letter + i) % 26)),
      ).join(""),
    })),
  { maxLength: 30 },
);

describe("whatever arrives, in whatever order", () => {
  test("each byte is delivered once, the first copy of it, and what never came is missing", () => {
    fc.assert(
      fc.property(INITIALS, PIECES, (initial, pieces) => {
        // The last byte is there: a single one missing at the end could be a FIN's number.
        const all = [...pieces, { at: LENGTH - 1, text: "z" }];
        expect(reassemble(initial, all, LENGTH).told).toEqual(oracle(all, LENGTH));
      }),
      { numRuns: 2_000 },
    );
  });

  test("every order of every cut of a short stream gives the stream", () => {
    const text = "abcdef";
    for (let cuts = 0; cuts < 32; cuts++) {
      const pieces: Piece[] = [];
      for (let at = 0, from = 0; at < text.length; at++) {
        if (at + 1 < text.length && (cuts & (1 << at)) === 0) continue;
        pieces.push({ at: from, text: text.slice(from, at + 1) });
        from = at + 1;
      }
      for (const order of permutations(pieces)) {
        const { told, network } = reassemble(0xfffffffd, order, text.length);
        expect(told.join("")).toBe(text);
        expect(network.counters.gaps).toBe(0);
      }
    }
  });
});

function* permutations<T>(list: readonly T[]): Generator<T[]> {
  if (list.length === 0) yield [];
  for (const [index, one] of list.entries()) {
    for (const rest of permutations(list.toSpliced(index, 1))) yield [one, ...rest];
  }
}

describe("a sender, a lossy network, a receiver and a lossy capture", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))(
    "seed %i: gaps are what the capture lost, no more",
    (seed) => {
      const next = random(seed);
      const sink = new StreamRecorder();
      const network = new Network(sink);
      const initial = Math.floor(next() * 2 ** 32);
      let micros = 0;
      let id = 0;
      const push = (packet: Uint8Array): void => {
        micros += 200;
        network.push(frameOf(packet, { micros }));
      };
      push(tcpSegment({ from: CLIENT, to: SERVER, seq: initial, flags: "S" }));
      push(tcpSegment({ from: SERVER, to: CLIENT, seq: 70, ack: initial + 1, flags: "SA" }));

      const segments = 120;
      const size = 10;
      const captured = new Array(segments).fill(false);
      const received = new Array(segments).fill(false);
      let acked = 0;
      while (acked < segments) {
        // The window: what is not acknowledged is sent, and sent again.
        for (let index = acked; index < Math.min(acked + 12, segments); index++) {
          if (received[index] && next() < 0.9) continue;
          const isSeenBefore = next() > 0.1;
          const isLostBefore = next() < 0.15;
          if (isLostBefore) continue;
          if (isSeenBefore) {
            captured[index] = true;
            const payload = String.fromCharCode(97 + (index % 26)).repeat(size);
            const seq = initial + 1 + index * size;
            push(tcpSegment({ from: CLIENT, to: SERVER, seq, ack: 71, payload, ip: { id: ++id } }));
          }
          if (next() > 0.1) received[index] = true;
        }
        while (received[acked]) acked++;
        if (next() < 0.8) {
          const ack = initial + 1 + acked * size;
          const payload = next() < 0.5 ? "r" : "";
          push(tcpSegment({ from: SERVER, to: CLIENT, seq: 71, ack, payload, ip: { id: ++id } }));
        }
      }
      push(tcpSegment({ from: SERVER, to: CLIENT, seq: 72, ack: initial + 1 + segments * size, ip: { id: ++id } }));
      network.finish();
      const pieces = captured.flatMap((is, index) =>
        is ? [{ at: index * size, text: String.fromCharCode(97 + (index % 26)).repeat(size) }] : [],
      );
      expect(sink.told[0]![0], `seed ${seed}`).toEqual(oracle(pieces, segments * size));
    },
  );
});

describe("what waits is bounded", () => {
  test("too many bytes behind a hole: the hole is given up, nothing else is lost", () => {
    const payload = "x".repeat(60_000);
    const count = Math.ceil(PENDING_BYTES_PER_HALF_MAX / payload.length) + 5;
    const pieces = Array.from({ length: count }, (_, index) => ({ at: 7 + index * payload.length, text: payload }));
    const { told, network } = reassemble(9, pieces, 7 + count * payload.length);
    expect(told[0]).toEqual({ missing: 7, why: "gap" });
    expect((told[1] as string).length).toBe(count * payload.length);
    expect(network.counters).toMatchObject({ windowOverflows: 1, gaps: 1, gapBytes: 7 });
  });

  test("holes in every other byte", () => {
    const count = 100_000;
    const pieces = Array.from({ length: count }, (_, index) => ({ at: 1 + index * 2, text: "x" }));
    const started = performance.now();
    const { network, bytes } = reassembleQuietly(pieces);
    expect(performance.now() - started).toBeLessThan(10_000);
    expect(network.counters.gaps).toBe(count);
    expect(network.counters.windowOverflows).toBe(count - PENDING_PIECES_MAX);
    expect(bytes).toBe(count);
  });

  test("holes in every other byte, from the end to the beginning", () => {
    const count = 100_000;
    const pieces = Array.from({ length: count }, (_, index) => ({ at: 1 + (count - 1 - index) * 2, text: "x" }));
    const started = performance.now();
    const { network, bytes } = reassembleQuietly(pieces);
    expect(performance.now() - started).toBeLessThan(10_000);
    // The first hole is given up once, and all that comes before it is old then.
    expect(network.counters.windowOverflows).toBe(1);
    expect(network.counters.retransmittedSegments).toBe(count - PENDING_PIECES_MAX - 1);
    expect(bytes).toBe(PENDING_PIECES_MAX + 1);
  });

  /** With consumers that only count: the recorder is too thorough for floods. */
  function reassembleQuietly(pieces: readonly Piece[]): { network: Network; bytes: number } {
    const seen = { bytes: 0 };
    const consumer = {
      bytes(_: Uint8Array, start: number, end: number) {
        seen.bytes += end - start;
      },
      missing() {},
    };
    const network = new Network({ open: () => consumer, closed() {}, datagram() {} });
    network.push(frameOf(tcpSegment({ from: CLIENT, to: SERVER, seq: 0, flags: "S" })));
    for (const [index, { at, text }] of pieces.entries()) {
      // The receiver repeats that it waits: its silence would be another reason to go on.
      if (index % 1000 === 0)
        network.push(frameOf(tcpSegment({ from: SERVER, to: CLIENT, seq: 5, ack: 1, ip: { id: index } })));
      network.push(frameOf(tcpSegment({ from: CLIENT, to: SERVER, seq: 1 + at, payload: text })));
    }
    network.finish();
    return { network, bytes: seen.bytes };
  }
});
