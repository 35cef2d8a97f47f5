import { describe, expect, test } from "vitest";
import {
  array,
  bitmap,
  bool,
  enumeration,
  fixedArray,
  fixedOpaque,
  int32,
  int64,
  linkedList,
  opaque,
  optional,
  payload,
  struct,
  uint32,
  uint64,
  union,
  utf8string,
  type ValueOf,
  voidType,
} from "../../src/xdr/types.ts";
import { fromHex } from "../support/hex.ts";
import { encode, over, refused, rows } from "../support/xdr-rows.ts";

const colour = enumeration("colour", { RED: 0, GREEN: 1, ULTRAVIOLET: 10_000 });
const point = struct("point", { x: uint32, y: int32 });
const shape = union("shape", "kind", colour, {
  RED: { dot: point },
  GREEN: voidType,
  ULTRAVIOLET: { name: opaque(4) },
});
const answer = union("answer", "status", colour, { RED: { id: uint64 } }, { reason: uint32 });
const maybe = union("maybe", "given", bool, { TRUE: { value: uint64 }, FALSE: voidType });
const entry = struct("entry", { cookie: uint32, name: opaque(8) });

rows(uint32, [
  { hex: "00000000", value: 0 },
  { hex: "80000001", value: 0x8000_0001 },
  { hex: "ffffffff", value: 0xffff_ffff },
]);
rows(int32, [
  { hex: "7fffffff", value: 0x7fff_ffff },
  { hex: "ffffffff", value: -1 },
]);
rows(uint64, [
  { hex: "0000000100000002", value: 0x1_0000_0002n },
  { hex: "ffffffffffffffff", value: 0xffff_ffff_ffff_ffffn },
]);
rows(int64, [
  { hex: "fffffffffffffffe", value: -2n },
  { hex: "8000000000000000", value: -0x8000_0000_0000_0000n },
]);
rows(bool, [
  { hex: "00000000", value: false },
  { hex: "00000001", value: true },
]);
rows(voidType, [{ hex: "", value: undefined }]);
rows(colour, [
  { hex: "00002710", value: 10_000 },
  { name: "a number without a name is kept", hex: "00000007", value: 7 },
]);
rows(fixedOpaque(5), [{ hex: "0102030405 000000", value: Uint8Array.of(1, 2, 3, 4, 5) }]);
rows(opaque(), [
  { hex: "00000000", value: new Uint8Array(0) },
  { hex: "00000001 ff000000", value: Uint8Array.of(255) },
  { hex: "00000004 01020304", value: Uint8Array.of(1, 2, 3, 4) },
]);
rows(payload(), [{ hex: "00000003 01020300", value: { length: 3, bytes: Uint8Array.of(1, 2, 3) } }]);
rows(utf8string(), [
  { hex: "00000000", value: "" },
  { hex: "00000004 66c3bc72", value: "für" },
  { hex: "00000004 f09fa688", value: "\u{1f988}" },
  { name: "a byte order mark stays", hex: "00000004 efbbbf61", value: "\ufeffa" },
  { name: "a NUL stays", hex: "00000002 00610000", value: "\0a" },
  { name: "Latin-1", hex: "00000003 66fc7200", value: "f\udcfcr" },
  { name: "a sequence cut short", hex: "00000003 61f09f00", value: "a\udcf0\udc9f" },
  { name: "an overlong slash", hex: "00000002 c0af0000", value: "\udcc0\udcaf" },
  { name: "an overlong three-byte form", hex: "00000003 e0808000", value: "\udce0\udc80\udc80" },
  { name: "a surrogate in UTF-8", hex: "00000003 edb28000", value: "\udced\udcb2\udc80" },
  { name: "beyond U+10FFFF", hex: "00000004 f4908080", value: "\udcf4\udc90\udc80\udc80" },
]);
rows(array(uint32), [
  { hex: "00000000", value: [] },
  { hex: "00000002 00000007 00000008", value: [7, 8] },
]);
rows(array(opaque(4)), [
  { hex: "00000002 00000001 aa000000 00000000", value: [Uint8Array.of(0xaa), new Uint8Array(0)] },
]);
rows(array(point), [{ hex: "00000001 00000001 ffffffff", value: [{ x: 1, y: -1 }] }]);
rows(fixedArray(point, 2), [
  {
    hex: "00000001 00000002 00000003 00000004",
    value: [
      { x: 1, y: 2 },
      { x: 3, y: 4 },
    ],
  },
]);
rows(fixedArray(opaque(4), 2), [{ hex: "00000000 00000001 01000000", value: [new Uint8Array(0), Uint8Array.of(1)] }]);
rows(optional(point), [
  { hex: "00000000", value: null },
  { hex: "00000001 00000001 00000002", value: { x: 1, y: 2 } },
]);
rows(linkedList(entry), [
  { hex: "00000000", value: [] },
  {
    hex: "00000001 00000005 00000001 61000000  00000001 00000006 00000000  00000000",
    value: [
      { cookie: 5, name: Uint8Array.of(0x61) },
      { cookie: 6, name: new Uint8Array(0) },
    ],
  },
]);
rows(bitmap("bits", 3), [
  { hex: "00000000", value: [] },
  { name: "zero words at the end stay", hex: "00000002 80000001 00000000", value: [0x8000_0001, 0] },
]);
rows(struct("nested", { a: uint32, inner: struct("inner", { b: opaque(8), c: uint32 }), d: uint64, e: opaque(8) }), [
  {
    hex: "00000001 00000002 aabb0000 00000003 0000000000000004 00000001 cc000000",
    value: { a: 1, inner: { b: Uint8Array.of(0xaa, 0xbb), c: 3 }, d: 4n, e: Uint8Array.of(0xcc) },
  },
]);
rows(shape, [
  { hex: "00000000 00000001 00000002", value: { kind: 0, dot: { x: 1, y: 2 } } },
  { hex: "00000001", value: { kind: 1 } },
  {
    name: "a case beyond the dense ones",
    hex: "00002710 00000001 07000000",
    value: { kind: 10_000, name: Uint8Array.of(7) },
  },
]);
rows(answer, [
  { hex: "00000000 0000000000000009", value: { status: 0, id: 9n } },
  { name: "default, a named number", hex: "00000001 00000002", value: { status: 1, reason: 2 } },
  { name: "default, a nameless number", hex: "000f4240 00000002", value: { status: 1_000_000, reason: 2 } },
]);
rows(maybe, [
  { hex: "00000001 0000000000000001", value: { given: true, value: 1n } },
  { hex: "00000000", value: { given: false } },
]);

refused(bool, [{ hex: "00000002", message: "2 is not a bool", offset: 0, skips: true }]);
refused(opaque(4), [{ hex: "00000005 0102030405000000", message: "opaque<4>: length 5 exceeds 4", offset: 0 }]);
refused(utf8string(1), [{ hex: "00000002 61610000", message: "utf8string<1>: length 2 exceeds 1", offset: 0 }]);
refused(payload(4), [{ hex: "00000005 0102030405000000", message: "opaque<4>: length 5 exceeds 4", offset: 0 }]);
refused(array(uint32, 1), [
  { hex: "00000002 0000000000000000", message: "uint32_t<1>: length 2 exceeds 1", offset: 0 },
]);
refused(array(uint64), [{ hex: "ffffffff 00000000", message: "need 34359738360 bytes, have 4", offset: 4 }]);
refused(array(opaque(4)), [{ hex: "40000000 00000000", message: "need 4294967296 bytes, have 4", offset: 4 }]);
refused(bitmap("bits", 3), [{ hex: "00000004 00000000", message: "bits: length 4 exceeds 3", offset: 0 }]);
refused(linkedList(uint32, 1), [
  { hex: "00000001 00000005 00000001 00000006 00000000", message: "uint32_t*: more than 1 entries", offset: 8 },
]);
refused(shape, [
  { hex: "00000002", message: "shape: no case 2", offset: 0 },
  { hex: "00000041", message: "shape: no case 65", offset: 0 },
]);

describe("a value that does not fit is not written", () => {
  for (const [name, write] of Object.entries({
    "a negative unsigned": () => encode(uint32, -1),
    "a fraction": () => encode(uint32, 1.5),
    "a signed beyond 31 bits": () => encode(int32, 0x8000_0000),
    "an unsigned beyond 64 bits": () => encode(uint64, 1n << 64n),
    "a signed beyond 63 bits": () => encode(int64, 1n << 63n),
    "a negative enumeration": () => encode(colour, -1),
    "a wrong fixed length": () => encode(fixedOpaque(4), new Uint8Array(3)),
    "an opaque beyond its bound": () => encode(opaque(4), new Uint8Array(5)),
    "a text beyond its bound in bytes": () => encode(utf8string(2), "üb"),
    "an array beyond its bound": () => encode(array(uint32, 1), [1, 2]),
    "an array of another length": () => encode(fixedArray(uint32, 2), [1]),
    "a chain beyond its bound": () => encode(linkedList(uint32, 1), [1, 2]),
    "words beyond the bound": () => encode(bitmap("bits", 1), [1, 2]),
    "a case that does not exist": () => encode(shape, { kind: 5 }),
    "bulk data that was left out": () => encode(payload(), { length: 9, bytes: new Uint8Array(3) }),
    "bulk data beyond its bound": () => encode(payload(2), { length: 3, bytes: new Uint8Array(3) }),
  })) {
    test(name, () => expect(write).toThrow(RangeError));
  }
});

describe("declarations", () => {
  test("fixed sizes add up and variable ones are null", () => {
    expect([point.fixedSize, shape.fixedSize, maybe.fixedSize, entry.fixedSize]).toEqual([8, null, null, null]);
    expect([point.minSize, shape.minSize, answer.minSize, entry.minSize]).toEqual([8, 4, 8, 8]);
    expect(fixedArray(point, 3).fixedSize).toBe(24);
    expect(union("u", "which", colour, { RED: { a: uint32 }, GREEN: { b: int32 } }).fixedSize).toBe(8);
  });

  test("a struct tells the offsets of its fixed fields", () => {
    const mixed = struct("mixed", { a: uint64, b: fixedOpaque(3), c: opaque(), d: uint32 });
    expect(mixed.offsets).toEqual({ a: 0, b: 8, c: 12, d: -1 });
  });

  test("an enumeration names its numbers", () => {
    expect([colour.nameOf(10_000), colour.nameOf(5)]).toEqual(["ULTRAVIOLET", undefined]);
  });

  test("a mistaken declaration is refused at once", () => {
    expect(() => union("u", "which", colour, { PURPLE: voidType })).toThrow("u: colour has no PURPLE");
    expect(() => union("u", "which", colour, { RED: { a: uint32, b: uint32 } })).toThrow("an arm has one field, not 2");
    expect(() => array(voidType)).toThrow(RangeError);
  });

  test("value types follow from the declaration", () => {
    const value: ValueOf<typeof shape> = { kind: 0, dot: { x: 1, y: 2 } };
    const x: number | undefined = value.dot?.x;
    const name: Uint8Array | undefined = value.name;
    expect([x, name]).toEqual([1, undefined]);
  });
});

test("values are views of the record, not copies", () => {
  const bytes = fromHex("00000004 01020304");
  const value = opaque().read(over(bytes));
  expect(value.buffer).toBe(bytes.buffer);
});

test("visit tells every named field and every element, inner ones first", () => {
  const type = struct("t", { list: array(point), shape, next: optional(point) });
  const bytes = encode(type, { list: [{ x: 1, y: 2 }], shape: { kind: 0, dot: { x: 3, y: 4 } }, next: null });
  const seen: [string, number, number][] = [];
  type.visit(over(bytes), "t", (path, _value, start, end) => seen.push([path, start, end]));
  expect(seen).toEqual([
    ["t.list[0].x", 4, 8],
    ["t.list[0].y", 8, 12],
    ["t.list[0]", 4, 12],
    ["t.list", 0, 12],
    ["t.shape.kind", 12, 16],
    ["t.shape.dot.x", 16, 20],
    ["t.shape.dot.y", 20, 24],
    ["t.shape.dot", 16, 24],
    ["t.shape", 12, 24],
    ["t.next", 24, 28],
  ]);
});

test("what was visited before a damage stays seen", () => {
  const seen: string[] = [];
  const bytes = fromHex("00000001 00000005");
  expect(() => entry.visit(over(bytes), "e", (path) => seen.push(path))).toThrow("need 5 bytes, have 0");
  expect(seen).toEqual(["e.cookie"]);
});

test("a chain as long as the record does not fill the stack", () => {
  const links = 300_000;
  const bytes = new Uint8Array(links * 8 + 4);
  for (let i = 0; i < links; i++) bytes[i * 8 + 3] = 1;
  expect(linkedList(uint32).read(over(bytes)).length).toBe(links);
  const cursor = over(bytes);
  linkedList(uint32).skip(cursor);
  expect(cursor.remaining).toBe(0);
});
