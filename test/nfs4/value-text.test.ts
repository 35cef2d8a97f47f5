import { describe, expect, test } from "vitest";
import { firstDifferingPlace, valueText } from "../../src/nfs4/value-text.ts";
import {
  bitmap,
  bool,
  enumeration,
  opaque,
  payload,
  payloadOf,
  uint32,
  uint64,
  utf8string,
} from "../../src/xdr/types.ts";

const bytes = (length: number) => Uint8Array.from({ length }, (_, i) => i);

describe("values for people", () => {
  const enumerated = enumeration("colour4", { RED: 1 });
  test.each([
    ["a number", 7, uint32, "7"],
    ["a long number", 2n ** 63n, uint64, "9223372036854775808"],
    ["a truth", true, bool, "true"],
    ["a name", "file", utf8string(), '"file"'],
    ["a named value", 1, enumerated, "RED"],
    ["one without name", 2, enumerated, "2"],
    ["bits", [0x18, 1], bitmap("bitmap4", 8), "bits 3 4 32"],
    ["no bits", [], bitmap("bitmap4", 8), "no bits"],
    ["few bytes", bytes(3), opaque(), "0x000102"],
    ["no bytes", bytes(0), opaque(), "empty"],
    ["bulk data", payloadOf(bytes(4)), payload(), "4 bytes, 0x00010203"],
    ["bulk data of which little is there", { length: 9000, bytes: bytes(2) }, payload(), "9000 bytes, 0x0001…"],
    ["nothing", null, uint32, "none"],
  ])("%s", (_, value, type, text) => {
    expect(valueText(value, type)).toBe(text);
  });

  test("long ones are shown around the place that matters", () => {
    const long = "x".repeat(80);
    expect(valueText(long, utf8string())).toBe(`"${"x".repeat(64)}"…`);
    expect(valueText(`${long}tail`, utf8string(), 80)).toBe(`…"${"x".repeat(8)}tail"`);
    expect(valueText(bytes(64), opaque())).toMatch(/^0x0001.*1f…$/);
    expect(valueText(bytes(64), opaque(), 50)).toBe(`from byte 42 on 0x${Buffer.from(bytes(64)).toString("hex", 42)}`);
    const full = bitmap("bitmap4", 8);
    expect(valueText([0xffff_ffff], full).length).toBeLessThan(75);
  });

  test("the place in which two differ", () => {
    expect(firstDifferingPlace("abc", "abd", utf8string())).toBe(2);
    expect(firstDifferingPlace("abc", "abcd", utf8string())).toBe(3);
    expect(firstDifferingPlace(bytes(4), bytes(3), opaque())).toBe(3);
    expect(firstDifferingPlace(payloadOf(bytes(4)), payloadOf(bytes(2)), payload())).toBe(2);
    expect(firstDifferingPlace(1, 2, uint32)).toBe(0);
    expect(firstDifferingPlace([1], [2], bitmap("bitmap4", 8))).toBe(0);
  });
});
