import { expect, test } from "vitest";
import { monotonicMillis } from "../../src/sys/clock.ts";

test("never goes back", () => {
  let last = monotonicMillis();
  for (let i = 0; i < 10_000; i++) {
    const now = monotonicMillis();
    expect(now).toBeGreaterThanOrEqual(last);
    last = now;
  }
});
