import { expect, test } from "vitest";
import { TimeBase } from "../../src/analysis/time-base.ts";
import { jsonFrames, jsonPlace, jsonTime } from "../../src/report/json-place.ts";

const base = new TimeBase();
base.since(1_000_000_000, 0);

test.each([
  [0, "1000000000.000000000"],
  [1, "1000000000.000000001"],
  [999_999_999, "1000000000.999999999"],
  [-1, "999999999.999999999"],
  [Number.NaN, null],
  [Number.NEGATIVE_INFINITY, null],
  [null, null],
])("%d nanoseconds after the base", (at, time) => {
  expect(jsonTime(base, at)).toBe(time);
});

test("a place has capture, frame and time", () => {
  expect(jsonPlace(base, { capture: 1, frame: 7, at: 5 })).toEqual({
    capture: 1,
    frame: 7,
    time: "1000000000.000000005",
  });
  expect(jsonPlace(base, null)).toBeNull();
});

test("an occurrence has the time of its last frame, none without frames or stamps", () => {
  const first = { capture: 0, frame: 3, at: 1 };
  const last = { capture: 1, frame: 2, at: 2 };
  expect(jsonFrames(base, [first, last])).toEqual({
    frames: [3, 2],
    frameCaptures: [0, 1],
    time: "1000000000.000000002",
  });
  expect(jsonFrames(base, [])).toEqual({ frames: [], frameCaptures: [], time: null });
  expect(jsonFrames(base, [{ ...first, at: Number.NaN }]).time).toBeNull();
});
