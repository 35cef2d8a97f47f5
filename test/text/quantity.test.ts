import { expect, test } from "vitest";
import { duration, groupDigits, listed, percent, plural } from "../../src/text/quantity.ts";

test.each([
  [0, "0"],
  [999, "999"],
  [1000, "1,000"],
  [1234567, "1,234,567"],
])("%i is written %s", (count, text) => {
  expect(groupDigits(count)).toBe(text);
});

test("one is singular", () => {
  expect([plural(1, "call"), plural(0, "call"), plural(2, "reply", "replies")]).toEqual([
    "1 call",
    "0 calls",
    "2 replies",
  ]);
});

test.each([
  [1043, 1043, "100 %"],
  [0, 0, "100 %"],
  [999_999, 1_000_000, "99.9 %"],
  [1, 2, "50 %"],
  [1, 1000, "0.1 %"],
  [0, 7, "0 %"],
])("%i of %i is %s", (part, whole, text) => {
  expect(percent(part, whole)).toBe(text);
});

test.each([
  [0, "0 us"],
  [999, "999 us"],
  [1000, "1.00 ms"],
  [12_345, "12.3 ms"],
  [246_000, "246 ms"],
  [1_500_000, "1.50 s"],
  [90_000_000, "90.0 s"],
])("%i microseconds are %s", (micros, text) => {
  expect(duration(micros)).toBe(text);
});

test("a list ends in and", () => {
  expect([listed([]), listed(["a"]), listed(["a", "b"]), listed(["a", "b", "c"])]).toEqual([
    "",
    "a",
    "a and b",
    "a, b and c",
  ]);
});
