import { describe, expect, test } from "vitest";
import { LimitHistory } from "../../src/session/limit-history.ts";
import { integer, random } from "../support/random.ts";

/** Replies one after the other that name these limits; time and frame are their places. */
function told(...values: number[]): LimitHistory {
  const history = new LimitHistory();
  for (const [at, value] of values.entries()) history.note(value, { capture: 0, frame: at, at });
  return history;
}

/** The same worked out from all values. */
function expected(values: readonly number[], value: number) {
  const last = values.findLastIndex((named) => named >= value);
  const run = values.slice(last + 1);
  const fall = { first: { frame: last + 1 }, replies: run.length, limit: Math.max(...run) };
  return { lastAtLeast: last < 0 ? Number.NEGATIVE_INFINITY : last, fall: run.length === 0 ? null : fall };
}

describe("a limit that replies name", () => {
  test("nothing is known before the first", () => {
    expect(told().below(5)).toBeNull();
    expect(told().lastAtLeast(0)).toBe(Number.NEGATIVE_INFINITY);
    expect(told().highest).toBe(-1);
  });

  test("fell, and stayed down for three replies", () => {
    const history = told(9, 9, 3, 3, 4);
    expect(history.below(9)).toMatchObject({ first: { frame: 2 }, replies: 3, limit: 4 });
    expect(history.below(4)).toBeNull();
    expect(history.below(10)).toMatchObject({ first: { frame: 0 }, replies: 5, limit: 9 });
    expect(history.lastAtLeast(9)).toBe(1);
    expect(history.highest).toBe(9);
  });

  test("any series is remembered as if all of it were kept", () => {
    for (let seed = 0; seed < 500; seed++) {
      const next = random(seed);
      const values = Array.from({ length: integer(next, 1, 30) }, () => integer(next, 0, 12));
      const history = told(...values);
      for (let value = 0; value <= 13; value++) {
        const { lastAtLeast, fall } = expected(values, value);
        expect(history.lastAtLeast(value), `seed ${seed}`).toBe(lastAtLeast);
        if (fall === null) expect(history.below(value), `seed ${seed}`).toBeNull();
        else expect(history.below(value), `seed ${seed}`).toMatchObject(fall);
      }
    }
  });

  test("of a long staircase the oldest steps are run together, never to anybody's harm", () => {
    const values = Array.from({ length: 100 }, (_, i) => 1000 - i);
    const history = told(...values);
    for (let value = 900; value <= 1000; value++) {
      expect(history.lastAtLeast(value)).toBeGreaterThanOrEqual(expected(values, value).lastAtLeast);
      expect(history.below(value)?.replies ?? 0).toBeLessThanOrEqual(expected(values, value).fall?.replies ?? 0);
    }
    expect(history.below(902)).toMatchObject({ replies: 1, limit: 901 });
  });
});
