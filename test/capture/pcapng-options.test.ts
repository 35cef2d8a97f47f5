import { describe, expect, it } from "vitest";
import { eachOption, i64Seconds, u64Count } from "../../src/capture/pcapng-options.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

function options(text: string, isLittleEndian: boolean): [number, string][] {
  const bytes = hex(text);
  const seen: [number, string][] = [];
  eachOption(bytes, 0, bytes.length, isLittleEndian, (code, at, length) => {
    seen.push([code, Buffer.from(bytes.subarray(at, at + length)).toString("hex")]);
  });
  return seen;
}

describe("eachOption", () => {
  it.each([
    [
      "two padded ones and the end",
      "0900 0100 06000000 0200 0300 61626300 0000 0000",
      true,
      [
        [9, "06"],
        [2, "616263"],
      ],
    ],
    ["big endian", "0009 0001 06000000 0000 0000", false, [[9, "06"]]],
    ["no end mark", "0900 0100 06000000", true, [[9, "06"]]],
    ["nothing after the end mark", "0000 0000 0900 0100 06000000", true, []],
    ["a length beyond the block", "0900 0100 06000000 0200 ff00 6162", true, [[9, "06"]]],
    ["a cut header", "0900 01", true, []],
    [
      "an empty one",
      "0100 0000 0900 0100 06000000",
      true,
      [
        [1, ""],
        [9, "06"],
      ],
    ],
  ] as [string, string, boolean, [number, string][]][])("%s", (_, text, isLittle, expected) => {
    expect(options(text, isLittle)).toEqual(expected);
  });
});

describe("64-bit values", () => {
  it.each([
    ["0100000000000000", true, 1, 1],
    ["0000000000000001", false, 1, 1],
    ["00f2052a01000000", true, 5_000_000_000, 5_000_000_000],
    ["f0f1ffffffffffff", true, 2 ** 64 - 3600, -3600],
    ["ffffffffffffffff", false, 2 ** 64, -1],
  ])("%s, little endian %s", (text, isLittle, unsigned, signed) => {
    expect(u64Count(hex(text), 0, isLittle)).toBe(unsigned);
    expect(i64Seconds(hex(text), 0, isLittle)).toBe(signed);
  });
});
