import { describe, expect, test } from "vitest";
import { Cursor, PAYLOAD_SPANS_MAX } from "../../src/xdr/cursor.ts";
import { XdrError } from "../../src/xdr/errors.ts";
import { array, fixedOpaque, opaque, payload, struct, uint32 } from "../../src/xdr/types.ts";
import { fromHex } from "../support/hex.ts";
import { caught, over } from "../support/xdr-rows.ts";

describe("bounds", () => {
  test("an integer larger than the record says what it lacks", () => {
    const error = caught(() => over(fromHex("0102")).u32());
    expect(error).toBeInstanceOf(XdrError);
    expect(error).toMatchObject({ message: "need 4 bytes, have 2", offset: 0 });
  });

  test("the end given wins over the end of the buffer, and the buffer's over a wrong end", () => {
    const bytes = fromHex("00000001 00000002 00000003");
    const cursor = new Cursor().reset(bytes, 4, 8);
    expect(cursor.u32()).toBe(2);
    expect(() => cursor.u32()).toThrow("need 4 bytes, have 0");
    expect(new Cursor().reset(bytes, 8, 99).remaining).toBe(4);
  });

  test("offsets in errors count from the start of the record", () => {
    const cursor = new Cursor().reset(fromHex("eeeeeeee 00000001 0000"), 4, 10);
    cursor.u32();
    expect(caught(() => cursor.u32())).toMatchObject({ message: "need 4 bytes, have 2", offset: 4 });
  });

  test("seek goes back and reads again", () => {
    const cursor = over(fromHex("00000001 00000002"));
    expect([cursor.u32(), cursor.u32(), cursor.seek(4).u32(), cursor.seek(0).u32()]).toEqual([1, 2, 2, 1]);
  });
});

// A record of 28 bytes: a word, an opaque of 15 bytes whose bytes 4..10 were left out, a word.
const shortened = fromHex("00000001 0000000f 00010203 0b0c0d0e 00 00000002");
const HOLE_AT = 12;
const HOLE = 7;

function holed(): Cursor {
  return new Cursor().reset(shortened, 0, shortened.length, HOLE_AT, HOLE);
}

describe("a record with a hole", () => {
  test("is as long as if it had none", () => expect(holed().remaining).toBe(28));

  test("skipping an opaque passes over the hole, and positions are those of the whole record", () => {
    const cursor = holed();
    cursor.u32();
    opaque().skip(cursor);
    expect([cursor.offset, cursor.position, cursor.remaining]).toEqual([17, 24, 4]);
    expect(cursor.u32()).toBe(2);
    expect([cursor.offset, cursor.position, cursor.remaining]).toEqual([21, 28, 0]);
  });

  test("reading the opaque fails, reading bulk data gives its beginning and true length", () => {
    const cursor = holed();
    cursor.u32();
    expect(caught(() => opaque().read(cursor))).toMatchObject({
      message: "the bytes wanted were left out of the record",
      offset: 8,
    });
    expect(payload().read(cursor.seek(4))).toEqual({ length: 15, bytes: Uint8Array.of(0, 1, 2, 3) });
    expect(cursor.u32()).toBe(2);
  });

  test("skipping bulk data tells its span", () => {
    const cursor = holed();
    cursor.u32();
    payload().skip(cursor);
    expect([cursor.payloadCount, cursor.payloadAt[0], cursor.payloadLength[0], cursor.payloadEnd[0]]).toEqual([
      1, 8, 15, 17,
    ]);
  });

  test("visit gives the span that the field has in the whole record", () => {
    const seen: [string, number, number][] = [];
    const type = struct("t", { a: uint32, data: payload(), b: uint32 });
    type.visit(holed(), "t", (path, _value, start, end) => seen.push([path, start, end]));
    expect(seen).toEqual([
      ["t.a", 0, 4],
      ["t.data", 4, 24],
      ["t.b", 24, 28],
    ]);
  });

  test("a read that touches the hole, and a skip that ends in it, fail", () => {
    expect(() => holed().take(13)).toThrow("left out");
    expect(() => holed().skip(15)).toThrow("left out");
    const cursor = holed();
    cursor.skip(12);
    expect(() => cursor.u32()).toThrow("left out");
  });

  test("a skip beyond the end names all that is missing", () => {
    expect(caught(() => holed().skip(29))).toMatchObject({ message: "need 29 bytes, have 28", offset: 0 });
  });

  test("seeking behind the hole and back before it works", () => {
    const cursor = holed();
    expect(cursor.seek(17).u32()).toBe(2);
    expect(cursor.position).toBe(28);
    expect(cursor.seek(0).u32()).toBe(1);
    expect(cursor.remaining).toBe(24);
    expect(() => cursor.take(12)).toThrow("left out");
  });

  test("a hole outside the record is none", () => {
    expect(new Cursor().reset(shortened, 0, 8, 12, 7).remaining).toBe(8);
    expect(new Cursor().reset(shortened, 16, 21, 12, 7).position).toBe(0);
  });
});

describe("bulk data spans", () => {
  test("a record that ends within the data keeps the span", () => {
    const cursor = over(fromHex("00000064 01020304"));
    expect(() => payload().skip(cursor)).toThrow("need 100 bytes, have 4");
    expect([cursor.payloadCount, cursor.payloadAt[0], cursor.payloadLength[0], cursor.payloadEnd[0]]).toEqual([
      1, 4, 100, 8,
    ]);
  });

  test("more than the bound are skipped without a span", () => {
    const count = PAYLOAD_SPANS_MAX + 2;
    const bytes = new Uint8Array(4 + count * 4);
    bytes[3] = count;
    const cursor = over(bytes);
    array(payload()).skip(cursor);
    expect([cursor.payloadCount, cursor.remaining]).toEqual([PAYLOAD_SPANS_MAX, 0]);
  });

  test("a new record starts without spans", () => {
    const cursor = over(fromHex("00000000"));
    payload().skip(cursor);
    expect(cursor.payloadCount).toBe(1);
    expect(cursor.reset(fromHex("00"), 0, 1).payloadCount).toBe(0);
  });
});

describe("a quiet cursor", () => {
  const quiet = (hex: string): Cursor => {
    const cursor = over(fromHex(hex));
    cursor.isQuiet = true;
    return cursor;
  };

  test("remembers the first failure and gives nothing from then on", () => {
    const cursor = quiet("00000001 0002");
    expect([cursor.u32(), cursor.u32(), cursor.u32(), cursor.u64(), cursor.take(3).length]).toEqual([1, 0, 0, 0n, 0]);
    expect(cursor.hasFailed).toBe(true);
    expect(cursor.isShort).toBe(true);
    expect(cursor.failure).toBe("need 4 bytes, have 2");
    expect(cursor.failedPosition).toBe(4);
  });

  test("tells a contradiction from a lack of bytes", () => {
    const cursor = quiet("00000009");
    opaque(8).skip(cursor);
    expect([cursor.isShort, cursor.failure, cursor.failedPosition]).toEqual([
      false,
      "opaque<8>: length 9 exceeds 8",
      0,
    ]);
  });

  test("ends every loop at once, whatever the count", () => {
    const cursor = quiet("ffffffff");
    array(struct("t", { a: opaque(), b: fixedOpaque(4) })).skip(cursor);
    expect(cursor.failure).toBe("need 34359738360 bytes, have 0");
    cursor.skip(4);
    payload().skip(cursor);
    expect([cursor.offset, cursor.payloadCount]).toEqual([4, 0]);
  });

  test("forgets the failure at a seek and is loud again after a reset", () => {
    const cursor = quiet("00000001");
    cursor.skip(8);
    expect(cursor.seek(0).hasFailed).toBe(false);
    expect(cursor.failure).toBeNull();
    cursor.reset(fromHex("00"), 0, 1);
    expect(() => cursor.u32()).toThrow(XdrError);
  });
});
