import { expect, test } from "vitest";
import { TimeBase } from "../../src/analysis/time-base.ts";

test("the first time is the base, in whole seconds", () => {
  const base = new TimeBase();
  expect(base.since(1_700_000_000, 250)).toBe(250);
  expect(base.since(1_700_000_001, 0)).toBe(1e9);
  expect(base.since(1_699_999_999, 999_999_999)).toBe(-1);
});

test("no nanosecond is lost within a hundred days", () => {
  const base = new TimeBase();
  base.since(1_700_000_000, 0);
  expect(base.format(base.since(1_700_000_000 + 100 * 86_400, 123_456_789))).toBe("1708640000.123456789");
});

test("times are written in epoch seconds with nine decimals, also before the base", () => {
  const base = new TimeBase();
  base.since(1_700_000_000, 0);
  expect([0, 1, -1].map((at) => base.format(at))).toEqual([
    "1700000000.000000000",
    "1700000000.000000001",
    "1699999999.999999999",
  ]);
});

test("without any time the base is the epoch", () => {
  expect(new TimeBase().format(5)).toBe("0.000000005");
});
