import { expect, test } from "vitest";
import { slotRanges, slotsText } from "../../src/rules/slot-ranges.ts";

test.each([
  [[3], "3"],
  [[0, 1, 2], "0-2"],
  [[0, 2, 3, 7], "0, 2-3, 7"],
  [[0, 2, 4, 6, 8, 10, 12, 14, 16, 18], "0, 2, 4, 6, 8, 10, 12, 14 and 2 more ranges"],
])("slots %j are %s", (ids, text) => {
  expect(slotRanges(ids)).toBe(text);
});

test("one slot and several", () => {
  expect(slotsText([4])).toBe("slot 4");
  expect(slotsText([4, 5])).toBe("slots 4-5");
});
