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

/** One exchange, one accusation: of all rules above a note that blame a party exactly these fire. */
export function only(rules: readonly string[], title: string, story: (wire: Scenario) => void): void {
  test(`only ${rules.join(", ") || "notes"}: ${title}`, () => {
    const wire = scenario();
    story(wire);
    const accusing = wire.findings().filter(({ severity, fault }) => severity !== "note" && fault !== "capture");
    expect(accusing.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
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
