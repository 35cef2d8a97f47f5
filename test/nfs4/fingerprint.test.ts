import { describe, expect, test } from "vitest";
import { Compound } from "../../src/nfs4/compound.ts";
import { fingerprint, PAYLOAD_HASHED_BYTES } from "../../src/nfs4/fingerprint.ts";
import { operationNamed } from "../../src/nfs4/op-table.ts";
import { skimCall } from "../../src/nfs4/skim.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { payloadOf } from "../../src/xdr/types.ts";
import { writeCompound } from "../support/compounds.ts";

interface Request {
  slot?: number;
  tag?: string;
  fh?: number;
  data?: Uint8Array;
  last?: string;
}

function request({ slot = 1, tag = "", fh = 1, data = new Uint8Array(1000), last = "GETFH" }: Request): Uint8Array {
  const sa_sessionid = new Uint8Array(16);
  const sequence = { sa_sessionid, sa_sequenceid: 1, sa_slotid: slot, sa_highest_slotid: slot, sa_cachethis: true };
  const stateid = { seqid: 1, other: new Uint8Array(12) };
  const values: [string, unknown][] = [
    ["SEQUENCE", sequence],
    ["PUTFH", { object: Uint8Array.of(fh, 2, 3) }],
    ["WRITE", { stateid, offset: 0n, stable: 0, data: payloadOf(data) }],
    [last, undefined],
  ];
  return writeCompound(
    "call",
    tag,
    values.map(([name, value]) => ({ operation: operationNamed(name)!, value })),
  );
}

const compound = new Compound();
const cursor = new Cursor();

/** Prints bytes that lie at `at` of a larger buffer. */
function print(bytes: Uint8Array, fromOp = 1, at = 0): number {
  const wider = new Uint8Array(at + bytes.length + 7);
  wider.set(bytes, at);
  skimCall(cursor.reset(wider, at, at + bytes.length), compound, false);
  expect(compound.isComplete).toBe(true);
  return fingerprint(wider, compound, fromOp);
}

/** Prints a request from which `length` bytes of bulk data, `into` bytes behind its start, were left out. */
function printElided(bytes: Uint8Array, into: number, length: number): number {
  print(bytes);
  const hole = compound.payloadAt[0] + into;
  const shorter = new Uint8Array(bytes.length - length);
  shorter.set(bytes.subarray(0, hole));
  shorter.set(bytes.subarray(hole + length), hole);
  skimCall(cursor.reset(shorter, 0, shorter.length, hole, length), compound, false);
  expect(compound).toMatchObject({ isComplete: true, trailingBytes: 0 });
  return fingerprint(shorter, compound, 1);
}

function changed(at: number): Uint8Array {
  const data = new Uint8Array(1000);
  data[at] = 1;
  return data;
}

describe("fingerprint", () => {
  const usual = print(request({}));

  test("does not depend on where the record lies", () => {
    for (const at of [1, 2, 3, 4, 1001]) expect(print(request({}), 1, at)).toBe(usual);
  });

  test("leaves out tag and SEQUENCE", () => {
    expect(print(request({ tag: "another" }))).toBe(usual);
    expect(print(request({ slot: 9 }))).toBe(usual);
    expect(print(request({ slot: 9 }), 0)).not.toBe(print(request({}), 0));
  });

  test("covers arguments and the operations themselves", () => {
    expect(print(request({ fh: 2 }))).not.toBe(usual);
    expect(print(request({ last: "SAVEFH" }))).not.toBe(usual);
  });

  test("of bulk data covers the length and the first bytes only", () => {
    expect(print(request({ data: new Uint8Array(1001) }))).not.toBe(usual);
    expect(print(request({ data: changed(PAYLOAD_HASHED_BYTES - 1) }))).not.toBe(usual);
    expect(print(request({ data: changed(PAYLOAD_HASHED_BYTES) }))).toBe(usual);
  });

  test("does not see whether bulk data was left out", () => {
    expect(printElided(request({}), PAYLOAD_HASHED_BYTES, 900)).toBe(usual);
    expect(printElided(request({}), 100, 900)).toBe(usual);
    expect(printElided(request({ last: "SAVEFH" }), 100, 800)).toBe(print(request({ last: "SAVEFH" })));
  });

  test("works for data shorter than what is hashed, padded or not", () => {
    const prints = [0, 1, 2, 3, 4, 5, 63, 64, 65].map((length) => print(request({ data: new Uint8Array(length) })));
    expect(new Set(prints).size).toBe(prints.length);
  });

  test("of no operations at all is always the same", () => {
    const first = print(request({}), 4);
    expect(print(request({ fh: 7 }), 4)).toBe(first);
  });

  test("of a truncated compound covers the complete operations", () => {
    const bytes = request({});
    skimCall(cursor.reset(bytes, 0, 200), compound, true);
    expect(compound).toMatchObject({ truncated: true, count: 2 });
    const cut = fingerprint(bytes, compound, 1);
    skimCall(cursor.reset(request({ data: changed(3) }), 0, 190), compound, true);
    expect(fingerprint(bytes, compound, 1)).toBe(cut);
  });

  test("spreads: no two of many near requests share one", () => {
    const prints = new Set<number>();
    const data = new Uint8Array(8);
    for (let i = 0; i < 2000; i++) {
      data[0] = i;
      data[1] = i >> 8;
      prints.add(print(request({ fh: i & 1, data })));
    }
    // 2000 of 2^32: a collision would be a chance of 1 in 2000.
    expect(prints.size).toBe(2000);
  });

  test("tells small changes of any two bytes apart", () => {
    const prints = new Set<number>([print(request({ data: new Uint8Array(48) }))]);
    for (let one = 0; one < 48; one++)
      for (let other = 0; other <= one; other++)
        for (const change of [1, 0x80]) {
          const data = new Uint8Array(48);
          data[one] = change;
          data[other] = data[other]! ^ 0xff;
          prints.add(print(request({ data })));
        }
    expect(prints.size).toBe(1 + 48 * 49);
  });
});
