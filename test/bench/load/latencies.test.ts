import { expect, test } from "vitest";
import { Latencies } from "./latencies.ts";

test("percentiles are right to a hundredth", () => {
  const latencies = new Latencies();
  for (let millis = 1; millis <= 1000; millis++) latencies.add(millis);
  for (const percent of [10, 50, 99]) {
    const ratio = latencies.percentile(percent) / (percent * 10);
    expect(Math.abs(ratio - 1)).toBeLessThan(0.011);
  }
});

test("what takes no time and what takes forever counts as well", () => {
  const latencies = new Latencies();
  latencies.add(0);
  latencies.add(1e9);
  expect(latencies.percentile(50)).toBeCloseTo(0.001);
  expect(latencies.percentile(100)).toBeGreaterThan(60_000);
});
