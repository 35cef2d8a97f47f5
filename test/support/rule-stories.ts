import { describe, expect, test } from "vitest";
import { type Scenario, type Seen, scenario } from "./scenario.ts";

/** What a bad story must find: at least these fields of exactly one folded finding of the rule. */
export type Expected = Partial<Seen>;

/** Misuse: the rule fires, with these fields. The story gives what it expects, because frame numbers are known there. */
export function bad(rule: string, title: string, story: (wire: Scenario) => Expected): void {
  describe(rule, () => {
    test(`bad: ${title}`, () => {
      const wire = scenario();
      const expected = story(wire);
      expect(wire.of(rule)).toMatchObject([{ rule, ...expected }]);
    });
  });
}

/** The nearest legal behaviour: the rule stays silent. */
export function good(rule: string, title: string, story: (wire: Scenario) => void): void {
  describe(rule, () => {
    test(`good: ${title}`, () => {
      const wire = scenario();
      story(wire);
      expect(wire.of(rule)).toEqual([]);
    });
  });
}
