import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PENDING_BYTES_MAX, PENDING_PIECES_MAX, PendingSegments } from "../../src/net/pending-segments.ts";

const BASE = 0x7fffffe0;

/** What is stored, as `position: text`, a `-` for a byte of which only the existence is known. */
function contents(pending: PendingSegments): string[] {
  const all: string[] = [];
  while (pending.count > 0) {
    const { sequence, bytes, captured, length } = pending.shift();
    const text = Buffer.from(bytes.subarray(0, captured)).toString("latin1") + "-".repeat(length - captured);
    all.push(`${(sequence - BASE) | 0}: ${text}`);
  }
  return all;
}

function insert(pending: PendingSegments, at: number, text: string, captured = text.length): void {
  const bytes = new TextEncoder().encode(`##${text}##`);
  pending.insert((BASE + at) | 0, text.length, bytes, 2, 2 + captured, 0, at);
}

describe("pieces wait", () => {
  test("in order, joined where they adjoin in order of arrival, without overlap, across 2^31", () => {
    const pending = new PendingSegments({ bytes: 0 });
    insert(pending, 40, "late");
    insert(pending, 10, "abc");
    insert(pending, 13, "def");
    insert(pending, 8, "WXYZ!");
    insert(pending, 30, "123456789012345678");
    expect(contents(pending)).toEqual(["8: WX", "10: abcdef", "30: 1234567890", "40: late5678"]);
  });

  test("cut ones keep their length, and nothing is joined behind a cut", () => {
    const pending = new PendingSegments({ bytes: 0 });
    insert(pending, 10, "abcdef", 2);
    insert(pending, 16, "ghi");
    insert(pending, 12, "CDEF");
    insert(pending, 19, "jkl", 0);
    expect(contents(pending)).toEqual(["10: ab----", "16: ghi---"]);
  });

  test("with some taken out at the front, the rest is found as before", () => {
    const segment = fc.record({
      at: fc.nat(60),
      length: fc.integer({ min: 1, max: 9 }),
      letter: fc.nat(25),
      shift: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 60 }), (segments) => {
        const pending = new PendingSegments({ bytes: 0 });
        const bytes: (string | undefined)[] = [];
        let gone = 0;
        for (const { at, length, letter, shift } of segments) {
          const from = gone + at;
          const text = String.fromCharCode(65 + letter).repeat(length);
          insert(pending, from, text);
          for (let index = from; index < from + length; index++) bytes[index] ??= text[0]!;
          if (!shift) continue;
          const piece = pending.shift();
          const start = (piece.sequence - BASE) | 0;
          const end = start + piece.length;
          expect(Buffer.from(piece.bytes.subarray(0, piece.length)).toString()).toBe(bytes.slice(start, end).join(""));
          bytes.fill(undefined, gone, end);
          gone = end;
        }
        const left: string = contents(pending)
          .map((one) => one.slice(one.indexOf(" ") + 1))
          .join("");
        expect(left).toBe(bytes.join(""));
      }),
      { numRuns: 1_000 },
    );
  });
});

describe("what they may cost", () => {
  test("is given back", () => {
    const budget = { bytes: 0 };
    const pending = new PendingSegments(budget);
    for (let at = 0; at < 50; at++) insert(pending, at * 3, "ab");
    expect(budget.bytes).toBeGreaterThan(100);
    pending.shift();
    contents(pending);
    expect(budget.bytes).toBe(0);
    insert(pending, 0, "again");
    pending.clear();
    expect([budget.bytes, pending.count]).toEqual([0, 0]);
  });

  test("is bounded in pieces", () => {
    const pending = new PendingSegments({ bytes: 0 });
    for (let at = 0; at < PENDING_PIECES_MAX; at++) insert(pending, at * 2, "x");
    expect(pending.isOverFull).toBe(false);
    insert(pending, PENDING_PIECES_MAX * 2, "x");
    expect(pending.isOverFull).toBe(true);
  });

  test("is bounded over all streams: who adds the last byte has to give way", () => {
    const budget = { bytes: PENDING_BYTES_MAX - 100 };
    const pending = new PendingSegments(budget);
    expect(pending.isOverFull).toBe(false);
    insert(pending, 0, "x");
    expect(pending.isOverFull).toBe(true);
    pending.shift();
    expect(pending.isOverFull).toBe(false);
  });
});
