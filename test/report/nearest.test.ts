import { expect, test } from "vitest";
import { nearest } from "../../src/report/nearest.ts";

const KNOWN = [
  "seq-gap",
  "seq-behind",
  "seq-misordered",
  "false-retry",
  "backchannel-false-retry",
  "slot-beyond-table",
];

test.each([
  ["seq-gab", "seq-gap"],
  ["SEQ-GAP", "seq-gap"],
  ["false-rety", "false-retry"],
  ["beyond", "slot-beyond-table"],
  ["misordered", "seq-misordered"],
])("%s may mean %s", (word, meant) => {
  expect(nearest(word, KNOWN)[0]).toBe(meant);
});

test("nothing alike, nothing suggested", () => {
  expect(nearest("quux", KNOWN)).toEqual([]);
  expect(nearest("x".repeat(100_000), KNOWN)).toEqual([]);
});
