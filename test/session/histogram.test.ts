import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Histogram } from "../../src/session/histogram.ts";

function of(...values: number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

describe("a histogram", () => {
  test("without samples has no quantiles", () => {
    expect(new Histogram()).toMatchObject({ count: 0, max: 0 });
    expect(new Histogram().quantile(0.5)).toBeNull();
  });

  test("is exact below 16 and at its maximum", () => {
    const histogram = of(...Array.from({ length: 16 }, (_, value) => value));
    expect([0, 0.5, 1].map((share) => histogram.quantile(share))).toEqual([0, 7, 15]);
    expect(of(1_000_003).quantile(0.5)).toBe(1_000_003);
  });

  test("drops fractions, and takes what is below 1 for 0", () => {
    expect(of(0.2, 3.9)).toMatchObject({ count: 2, max: 3 });
    expect(of(0.2).quantile(1)).toBe(0);
  });

  test("has a place for hours in nanoseconds and for what no clock shows", () => {
    const hours = 3.6e12 * 5;
    expect(of(1, 1, hours).quantile(1)).toBe(hours);
    expect(of(Number.MAX_SAFE_INTEGER).quantile(0.5)).toBe(Number.MAX_SAFE_INTEGER);
  });

  test("a quantile is never too low, and at most a sixteenth too high", () => {
    const samples = fc.array(fc.integer({ min: 0, max: 2 ** 40 }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(samples, fc.double({ min: 0, max: 1, noNaN: true }), (values, share) => {
        const sorted = values.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1]!;
        const got = of(...values).quantile(share)!;
        expect(got).toBeGreaterThanOrEqual(exact);
        expect(got).toBeLessThanOrEqual(exact + exact / 16);
      }),
    );
  });

  test("two together are one of all samples", () => {
    const together = of(1, 20, 300);
    together.addAll(of(4000, 5, 60));
    const all = of(1, 20, 300, 4000, 5, 60);
    expect(together).toEqual(all);
  });
});
