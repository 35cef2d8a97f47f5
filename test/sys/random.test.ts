import { expect, test } from "vitest";
import { seededRandom, systemRandom } from "../../src/sys/random.ts";

const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString("hex");

test("the machine's randomness comes in the length asked for, and never twice", () => {
  expect([0, 1, 16, 1000].map((count) => systemRandom(count).length)).toEqual([0, 1, 16, 1000]);
  expect(new Set(Array.from({ length: 1000 }, () => hex(systemRandom(16)))).size).toBe(1000);
});

test("a seed gives the same bytes each time, however they are taken", () => {
  const whole = seededRandom("seed")(100);
  const pieces = seededRandom("seed");
  expect(hex(Buffer.concat([1, 0, 31, 33, 35].map((count) => pieces(count))))).toBe(hex(whole));
  expect(hex(seededRandom("another")(100))).not.toBe(hex(whole));
});

test("what was given out is the caller's: it does not change with the next", () => {
  const source = seededRandom("seed");
  const first = source(8);
  const copy = hex(first);
  source(1000);
  first.fill(0);
  expect(hex(seededRandom("seed")(8))).toBe(copy);
});
