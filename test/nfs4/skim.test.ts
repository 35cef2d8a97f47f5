import { describe, expect, test } from "vitest";
import { COMPOUND_OPS_MAX, Compound } from "../../src/nfs4/compound.ts";
import { call } from "../../src/nfs4/compound-writer.ts";
import { decodeOperation } from "../../src/nfs4/fields.ts";
import { operationNamed } from "../../src/nfs4/op-table.ts";
import { skimCall, skimCallbackCall, skimReply } from "../../src/nfs4/skim.ts";
import { PAYLOAD_SPANS_MAX } from "../../src/xdr/cursor.ts";
import { XdrError } from "../../src/xdr/errors.ts";
import { payloadOf } from "../../src/xdr/types.ts";
import { arbitraryOperations, KINDS, SKIMS, writeCompound } from "../support/compounds.ts";
import { fromHex } from "../support/hex.ts";
import { integer, random } from "../support/random.ts";
import { caught, over } from "../support/xdr-rows.ts";

const SESSION = "964c9154 03000000 02000000 00000000";
const SEQUENCE = `00000035 ${SESSION} 00000007 00000002 00000005 00000001`;

function skimmed(hex: string, skim = skimCall, isCut = false): Compound {
  const compound = new Compound();
  skim(over(fromHex(hex)), compound, isCut);
  return compound;
}

describe("a call", () => {
  const compound = skimmed(`00000003 61626300 00000001 00000003 ${SEQUENCE} 00000016 00000002 aabb0000 0000000a`);

  test("has its tag, minor version and operations in place", () => {
    expect([compound.tagOffset, compound.tagLength, compound.minorVersion]).toEqual([4, 3, 1]);
    expect([compound.declaredOps, compound.count, compound.isComplete]).toEqual([3, 3, true]);
    expect([...compound.ops.subarray(0, 3)]).toEqual([53, 22, 10]);
    expect([...compound.starts.subarray(0, 3)]).toEqual([20, 56, 68]);
    expect([...compound.ends.subarray(0, 3)]).toEqual([52, 64, 68]);
    expect([compound.end, compound.trailingBytes, compound.error]).toEqual([68, 0, null]);
  });
});

describe("a reply", () => {
  const ok = `00000035 00000000 ${SESSION} 00000007 00000002 00000005 00000009 00000000`;

  test("has a status for the whole and for each operation", () => {
    const compound = skimmed(`00000046 00000000 00000002 ${ok} 00000016 00000046`, skimReply);
    expect([compound.status, compound.count, compound.minorVersion]).toEqual([70, 2, -1]);
    expect([...compound.statuses.subarray(0, 2)]).toEqual([0, 70]);
    expect([...compound.ends.subarray(0, 2)]).toEqual([56, 64]);
  });

  test("cut within a result still tells that result's status", () => {
    const compound = skimmed("00000000 00000000 00000002 00000035 00000000 964c", skimReply, true);
    expect(compound).toMatchObject({ count: 0, partialOp: 53, partialStatus: 0, truncated: true, error: null });
  });

  test("cut within a status tells none", () => {
    const compound = skimmed("00000000 00000000 00000001 00000035 0000", skimReply, true);
    expect(compound).toMatchObject({ partialOp: 53, partialStatus: -1, truncated: true });
  });
});

describe("a callback", () => {
  test("has an ident and the referring calls of CB_SEQUENCE", () => {
    const compound = skimmed(
      `00000000 00000001 00000009 00000001 0000000b ${SESSION} 00000001 00000000 00000000 00000000
       00000001 ${SESSION} 00000001 00000003 00000004`,
      skimCallbackCall,
    );
    expect(compound).toMatchObject({ callbackIdent: 9, minorVersion: 1, count: 1, trailingBytes: 0, error: null });
  });
});

describe("what is not as it should be", () => {
  const header = "00000000 00000001";

  test("an operation that does not exist ends the skim, and is no error of ours", () => {
    const compound = skimmed(`${header} 00000003 0000000a 000003e7 00000001 00000002`);
    expect(compound).toMatchObject({ count: 1, unknownOp: 999, error: null, trailingBytes: 8, isComplete: false });
  });

  test("numbers 0 and 2 do not exist either", () => {
    expect(skimmed(`${header} 00000001 00000000`).unknownOp).toBe(0);
    expect(skimmed(`${header} 00000001 00000002`).unknownOp).toBe(2);
  });

  test("bytes behind the compound are counted", () => {
    expect(skimmed(`${header} 00000001 0000000a 0102`).trailingBytes).toBe(2);
  });

  test("a compound without operations is complete", () => {
    expect(skimmed(`${header} 00000000`)).toMatchObject({ count: 0, isComplete: true, error: null });
  });

  test("a length beyond its bound is an error, also where the capture cuts", () => {
    for (const isCut of [false, true]) {
      const compound = skimmed(`${header} 00000002 0000000a 00000016 00000081 00`, skimCall, isCut);
      expect(compound).toMatchObject({ count: 1, partialOp: 22, truncated: false, errorOffset: 20 });
      expect(compound.error).toBe("opaque<128>: length 129 exceeds 128");
    }
  });

  test("a count of four billion costs no more than the bytes there are", () => {
    const compound = skimmed(`${header} ffffffff 0000000a`);
    expect(compound).toMatchObject({
      declaredOps: 0xffff_ffff,
      count: 1,
      error: "need 4 bytes, have 0",
      errorOffset: 16,
    });
  });

  test("operations beyond the bound are counted and left alone", () => {
    const extra = 3;
    const bytes = fromHex(`${header} 00000${(COMPOUND_OPS_MAX + extra).toString(16)} ${"0000000a".repeat(1027)}`);
    const compound = new Compound();
    skimCall(over(bytes), compound, false);
    expect(compound).toMatchObject({ count: COMPOUND_OPS_MAX, omittedOps: extra, error: null, isComplete: false });
  });

  test("a tag longer than the record", () => {
    expect(skimmed("ffffffff 0000")).toMatchObject({ tagLength: 0, error: "need 4294967296 bytes, have 2", count: 0 });
  });

  test("no bytes at all", () => {
    expect(skimmed("")).toMatchObject({ error: "need 4 bytes, have 0", minorVersion: -1 });
    expect(skimmed("", skimReply, true)).toMatchObject({ truncated: true, error: null });
  });

  test("what one compound left does not show in the next", () => {
    const compound = new Compound();
    skimCall(over(fromHex(`${header} 00000009 00000016 00000099`)), compound, false);
    skimCall(over(fromHex(`${header} 00000001 0000000a`)), compound, false);
    const fresh = skimmed(`${header} 00000001 0000000a`);
    const { ops: _o, starts: _s, ends: _e, ...scalars } = fresh;
    for (const [name, value] of Object.entries(scalars)) {
      if (typeof value !== "object") expect(compound[name as keyof Compound], name).toBe(value);
    }
    expect(compound.error).toBeNull();
  });
});

describe("bulk data", () => {
  const write = operationNamed("WRITE")!;
  const stateid = { seqid: 1, other: new Uint8Array(12) };

  const writeOf = (length: number) =>
    call(write, { stateid, offset: 0n, stable: 2, data: payloadOf(new Uint8Array(length).fill(7)) });

  test("is told with its span", () => {
    const bytes = writeCompound("call", "", [writeOf(10), writeOf(300)]);
    const compound = new Compound();
    skimCall(over(bytes), compound, false);
    expect(compound.payloadCount).toBe(2);
    expect([...compound.payloadLength.subarray(0, 2)]).toEqual([10, 300]);
    for (let i = 0; i < 2; i++) {
      expect(bytes[compound.payloadAt[i] - 1]).toBe([10, 300 & 255][i]);
      expect(compound.payloadEnd[i]).toBe(compound.ends[i]);
    }
  });

  test("is told also where the capture cuts it", () => {
    const bytes = writeCompound("call", "", [writeOf(1000), { operation: operationNamed("GETFH")!, value: undefined }]);
    const compound = new Compound();
    skimCall(over(bytes.subarray(0, 100)), compound, true);
    expect(compound).toMatchObject({ count: 0, partialOp: 38, payloadCount: 1, truncated: true, error: null });
    expect([compound.payloadLength[0], compound.payloadEnd[0]]).toEqual([1000, 100]);
  });

  test("beyond the spans kept is skipped all the same", () => {
    const values = Array.from({ length: PAYLOAD_SPANS_MAX + 3 }, () => writeOf(5));
    const compound = new Compound();
    skimCall(over(writeCompound("call", "", values)), compound, false);
    expect(compound).toMatchObject({ payloadCount: PAYLOAD_SPANS_MAX, isComplete: true, trailingBytes: 0 });
  });
});

describe.each(KINDS)("drawn compounds: %s", (kind) => {
  const skim = SKIMS[kind];

  test("skimming finds the extents that reading has, and reading gives the values back", () => {
    const next = random(5);
    const compound = new Compound();
    for (let round = 0; round < 200; round++) {
      const values = arbitraryOperations(kind, next);
      const bytes = writeCompound(kind, "tag"[round % 3]!, values);
      const cursor = over(bytes);
      skim(cursor, compound, false);
      expect(compound).toMatchObject({ count: values.length, isComplete: true, trailingBytes: 0, end: bytes.length });
      values.forEach(({ value, operation }, i) => {
        expect(decodeOperation(compound, i, cursor), operation.name).toEqual(value);
        expect(cursor.offset, operation.name).toBe(compound.ends[i]);
      });
    }
  });

  test("every cut keeps the operations before it", () => {
    const next = random(6);
    const [compound, whole] = [new Compound(), new Compound()];
    for (let round = 0; round < 20; round++) {
      const bytes = writeCompound(kind, "t", arbitraryOperations(kind, next));
      skim(over(bytes), whole, false);
      const ends = whole.ends.slice(0, whole.count);
      for (let cut = 0; cut < bytes.length; cut++) {
        skim(over(bytes.subarray(0, cut)), compound, true);
        expect(compound).toMatchObject({ truncated: true, error: null });
        // An operation without bytes is complete as soon as its number is.
        expect(compound.count).toBe(ends.filter((end) => end <= cut).length);
        skim(over(bytes.subarray(0, cut)), compound, false);
        expect(compound.truncated).toBe(false);
        expect(compound.error).toMatch(/^need \d+ bytes, have \d+$/);
      }
    }
  });

  test("mutated and random bytes end in an outline or an error, nothing else", () => {
    const next = random(7);
    const compound = new Compound();
    for (let round = 0; round < 3000; round++) {
      const bytes =
        round % 4 === 0
          ? Uint8Array.from({ length: integer(next, 0, 200) }, () => integer(next, 0, 255))
          : writeCompound(kind, "", arbitraryOperations(kind, next));
      for (let flips = integer(next, 0, 4); flips > 0 && bytes.length > 0; flips--) {
        bytes[integer(next, 0, bytes.length - 1)] = next() < 0.5 ? 0xff : integer(next, 0, 255);
      }
      const cursor = over(bytes);
      const cut = next() < 0.5;
      expect(
        caught(() => skim(cursor, compound, cut)),
        `seed 7, round ${round}`,
      ).toBeUndefined();
      expect(compound.end).toBeLessThanOrEqual(bytes.length);
      expect(compound.count).toBeLessThanOrEqual(bytes.length / 4);
      for (let i = 0; i < compound.count; i++) {
        expect(compound.starts[i]).toBeLessThanOrEqual(compound.ends[i]!);
        const error = caught(() => decodeOperation(compound, i, cursor));
        if (error !== undefined) expect(error, `seed 7, round ${round}`).toBeInstanceOf(XdrError);
        else expect(cursor.offset).toBe(compound.ends[i]);
      }
    }
  });
});
