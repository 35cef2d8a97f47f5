import { describe, expect, test } from "vitest";
import { rules } from "../../src/rules/index.ts";
import type { Fault } from "../../src/rules/rule.ts";
import { IN_ADDITION } from "./complaints.ts";
import { type Scenario, type Seen, scenario } from "./scenario.ts";

/** The rule that holds a promise against the back channel, by the id of the one for the fore channel. */
const TWINS: ReadonlyMap<string, string> = new Map([
  ...rules.flatMap(({ id, derivedFrom }) => (derivedFrom === undefined ? [] : [[derivedFrom, id] as const])),
  // Made of the other, with words of their own.
  ["delay-resent-same-slot", "backchannel-delay-resent-same-slot"],
  ["server-rejected-valid", "backchannel-misordered-by-client"],
]);

interface StoryOptions {
  /** Why the story cannot be told of callbacks; else that of a rule with a twin is. */
  foreOnly?: string;
}

/** What a bad story must find: at least these fields of exactly one folded finding of the rule. */
export type Expected = Partial<Seen>;

/** Misuse: the rule fires, with these fields. The story gives what it expects, because frame numbers are known there. */
export function bad(
  rule: string,
  title: string,
  story: (wire: Scenario) => Expected,
  { foreOnly }: StoryOptions = {},
): void {
  describe(rule, () => {
    test(`bad: ${title}`, () => {
      const wire = scenario();
      const expected = story(wire);
      const found = wire.of(rule);
      expect(found).toMatchObject([{ rule, ...expected }]);
      expect(found.filter(isUnproven)).toEqual([]);
    });

    const twin = TWINS.get(rule);
    if (twin === undefined || foreOnly !== undefined) return;
    test(`bad on the back channel: ${title}`, () => {
      const wire = scenario("back");
      const expected = story(wire);
      const fault = expected.fault === undefined ? {} : { fault: otherParty(expected.fault) };
      expect(wire.of(twin)).toMatchObject([{ rule: twin, ...expected, ...fault }]);
      expect(wire.of(rule)).toEqual([]);
    });
  });
}

/** Whoever is blamed is told what was expected and what came. */
function isUnproven({ severity, fault, expected, actual, frames }: Seen): boolean {
  const isBlamed = severity !== "note" && (fault === "client" || fault === "server" || fault === "unknown");
  return isBlamed && (expected === null || actual === null || frames.length === 0);
}

/** One exchange, one accusation: exactly these rules fire that complain of anything. */
export function only(rules: readonly string[], title: string, story: (wire: Scenario) => void): void {
  test(`only ${rules.join(", ") || "notes"}: ${title}`, () => {
    const wire = scenario();
    story(wire);
    // What the capture lacks is no misuse.
    const isComplaint = ({ rule, severity, fault }: Seen) =>
      severity !== "note" && fault !== "capture" && rule !== IN_ADDITION;
    const accusing = wire.findings().filter(isComplaint);
    expect(accusing.map(({ rule }) => rule).sort()).toEqual([...rules].sort());
  });
}

/** The nearest legal behaviour: the rule stays silent. */
export function good(
  rule: string,
  title: string,
  story: (wire: Scenario) => void,
  { foreOnly }: StoryOptions = {},
): void {
  describe(rule, () => {
    test(`good: ${title}`, () => {
      const wire = scenario();
      story(wire);
      expect(wire.of(rule)).toEqual([]);
    });

    const twin = TWINS.get(rule);
    if (twin === undefined || foreOnly !== undefined) return;
    test(`good on the back channel: ${title}`, () => {
      const wire = scenario("back");
      story(wire);
      expect(wire.of(twin)).toEqual([]);
    });
  });
}

function otherParty(fault: Fault): Fault {
  if (fault === "client") return "server";
  return fault === "server" ? "client" : fault;
}
