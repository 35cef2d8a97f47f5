import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { RecordAssembler, RecordError } from "../../src/rpc/record-assembler.ts";

const RECORD_MAX = 1000;

interface Fragment {
  bytes: Uint8Array;
  isLast?: boolean;
}

function fragmentBytes({ bytes, isLast = true }: Fragment): Uint8Array {
  const framed = new Uint8Array(4 + bytes.length);
  new DataView(framed.buffer).setUint32(0, ((isLast ? 0x8000_0000 : 0) | bytes.length) >>> 0);
  framed.set(bytes, 4);
  return framed;
}

const stream = (...fragments: Fragment[]) => Buffer.concat(fragments.map(fragmentBytes));

function assembler(recordMax = RECORD_MAX) {
  const records: number[][] = [];
  return { records, assembler: new RecordAssembler(recordMax, (record) => records.push([...record])) };
}

describe("RecordAssembler", () => {
  const bytes = stream(
    { bytes: Uint8Array.of(1, 2, 3, 4) },
    { bytes: Uint8Array.of(5, 6), isLast: false },
    { bytes: new Uint8Array(0), isLast: false },
    { bytes: Uint8Array.of(7, 8, 9) },
    { bytes: new Uint8Array(0) },
    { bytes: Uint8Array.of(10) },
  );
  const expected = [[1, 2, 3, 4], [5, 6, 7, 8, 9], [], [10]];

  test("gives the same records wherever the stream is cut in two", () => {
    for (let at = 0; at <= bytes.length; at++) {
      const { records, assembler: taker } = assembler();
      taker.push(bytes.subarray(0, at));
      taker.push(bytes.subarray(at));
      expect(records).toEqual(expected);
      expect(taker.isInside).toBe(false);
    }
  });

  test("gives the same records byte by byte, and says when it is inside one", () => {
    const { records, assembler: taker } = assembler();
    const inside = [...bytes].map((byte) => {
      taker.push(Uint8Array.of(byte));
      return taker.isInside;
    });
    expect(records).toEqual(expected);
    expect(inside.slice(0, 8)).toEqual([true, true, true, true, true, true, true, false]);
  });

  test("hands out records that later bytes do not change", () => {
    const kept: Uint8Array[] = [];
    const taker = new RecordAssembler(RECORD_MAX, (record) => kept.push(record));
    const first = stream({ bytes: Uint8Array.of(1, 2) });
    taker.push(first);
    first.fill(0);
    taker.push(stream({ bytes: Uint8Array.of(3, 4) }));
    expect(kept.map((record) => [...record])).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("takes a record of the largest size and none that is larger", () => {
    const { records, assembler: taker } = assembler(8);
    taker.push(stream({ bytes: new Uint8Array(8) }));
    expect(records).toHaveLength(1);
    expect(() => taker.push(stream({ bytes: new Uint8Array(9) }))).toThrow(RecordError);
  });

  test("adds fragments up, says how much and where", () => {
    const { assembler: taker } = assembler(8);
    const parts = stream({ bytes: new Uint8Array(6), isLast: false }, { bytes: new Uint8Array(6) });
    expect(() => taker.push(parts)).toThrow("a record of 12 bytes or more; 8 are allowed");
    const { assembler: other } = assembler(8);
    expect(() => other.push(parts)).toThrow(expect.objectContaining({ offset: 10 }));
  });

  test("a length is refused before the bytes are there", () => {
    const { assembler: taker } = assembler();
    expect(() => taker.push(Uint8Array.of(0x7f, 0xff, 0xff, 0xff))).toThrow(RecordError);
  });

  test("headers alone do not keep it busy for ever", () => {
    const { assembler: taker } = assembler();
    const empty = stream({ bytes: new Uint8Array(0), isLast: false });
    expect(() => {
      for (let count = 0; count < 10_000; count++) taker.push(empty);
    }).toThrow("fragments");
  });

  test("any records in any fragments in any segments come out whole", () => {
    const record = fc.array(fc.uint8Array({ maxLength: 40 }), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(record, { maxLength: 6 }), fc.array(fc.nat(30), { minLength: 1 }), (records, cuts) => {
        const all = records.flatMap((parts) =>
          parts.map((part, index) => ({ bytes: part, isLast: index === parts.length - 1 })),
        );
        const sent = stream(...all);
        const { records: got, assembler: taker } = assembler();
        for (let at = 0, turn = 0; at < sent.length; turn++) {
          const count = 1 + (cuts[turn % cuts.length] as number);
          taker.push(sent.subarray(at, at + count));
          at += count;
        }
        expect(got).toEqual(records.map((parts) => parts.flatMap((part) => [...part])));
      }),
    );
  });

  test("garbage gives records or a RecordError, nothing else", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 64 })), (segments) => {
        const { records, assembler: taker } = assembler();
        try {
          for (const segment of segments) taker.push(segment);
        } catch (error) {
          expect(error).toBeInstanceOf(RecordError);
        }
        for (const record of records) expect(record.length).toBeLessThanOrEqual(RECORD_MAX);
      }),
    );
  });
});
