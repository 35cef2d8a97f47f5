import { expect, it } from "vitest";
import { clampSlots, SLOT_BOUNDS } from "../../src/session/slot-bounds.ts";

it.each([
  [0, 1],
  [1, 1],
  [-5, 1],
  [Number.NaN, 1],
  [64, 64],
  [64.9, 64],
  [2048, 2048],
  [2049, 2048],
  [0x1_0000_0000, 2048],
  [Number.POSITIVE_INFINITY, 2048],
])("%d slots become %d", (slots, clamped) => {
  expect(clampSlots(slots, SLOT_BOUNDS)).toBe(clamped);
});
