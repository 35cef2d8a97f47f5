import fc from "fast-check";
import { expect, test } from "vitest";
import { NUMBER_BYTES_MAX, putAscii, putNanos, putNumber } from "../../src/report/ascii-digits.ts";

const START = 3;

/** What was written, and that nothing else was. */
function written(put: (bytes: Uint8Array, at: number) => number): string {
  const bytes = new Uint8Array(START + NUMBER_BYTES_MAX + 8).fill(0x7e);
  const end = put(bytes, START);
  expect(bytes.subarray(0, START).every((byte) => byte === 0x7e)).toBe(true);
  expect(bytes.subarray(end).every((byte) => byte === 0x7e)).toBe(true);
  return new TextDecoder().decode(bytes.subarray(START, end));
}

test.each([0, 9, 10, 99, 100, 1_073_741_823, 1_073_741_824, 2_147_483_648, 4_294_967_295, 4_294_967_296, -1, 0.5])(
  "%d is written as JSON does it",
  (value) => expect(written((bytes, at) => putNumber(bytes, at, value))).toBe(JSON.stringify(value)),
);

test("so are all others", () => {
  const values = fc.oneof(fc.nat(), fc.integer({ min: 0, max: 0xffff_ffff }), fc.maxSafeInteger(), fc.double());
  fc.assert(
    fc.property(values, (value) => {
      expect(written((bytes, at) => putNumber(bytes, at, value))).toBe(JSON.stringify(value));
    }),
  );
});

test("nanoseconds have nine digits", () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999 }), (nanos) => {
      expect(written((bytes, at) => putNanos(bytes, at, nanos))).toBe(String(nanos).padStart(9, "0"));
    }),
  );
});

test("text as it is", () => {
  expect(written((bytes, at) => putAscii(bytes, at, '"1.5"'))).toBe('"1.5"');
});
