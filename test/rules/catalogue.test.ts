import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { rules } from "../../src/rules/index.ts";
import { ownRules } from "../../src/rules/own-rules.ts";

/** Every id of the catalogue, by subject. */
const IDS: Record<string, string[]> = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../fixtures/rule-ids.json"), "utf8"),
);
const listed = Object.values(IDS).flat();
const written = rules.filter(({ derivedFrom }) => derivedFrom === undefined);
const derived = rules.filter(({ derivedFrom }) => derivedFrom !== undefined);
const known = new Set(rules.map(({ id }) => id));

describe("the catalogue", () => {
  test("has every id once", () => {
    expect(known.size).toBe(rules.length);
    expect([listed.length, new Set(listed).size]).toEqual([223, 223]);
  });

  test("has a rule for each id of the list, and no others", () => {
    expect(written.map(({ id }) => id).sort()).toEqual([...listed].sort());
  });

  test("derives rules for the back channel from rules that exist, under ids of their own", () => {
    expect(derived.filter(({ id, derivedFrom }) => id !== `backchannel-${derivedFrom}`)).toEqual([]);
    expect(derived.filter(({ derivedFrom }) => !known.has(derivedFrom as string))).toEqual([]);
    expect(derived.filter(({ id }) => listed.includes(id))).toEqual([]);
  });

  test("lets rules silence only rules that exist, and not themselves", () => {
    const names = written.flatMap(({ supersedes = [] }) => supersedes);
    expect(names.filter((id) => !known.has(id))).toEqual([]);
    expect(written.filter(({ id, supersedes = [] }) => supersedes.includes(id))).toEqual([]);
  });

  test("holds what is asked of rules of one's own", () => {
    expect(ownRules(written, "catalogue", new Set())).toHaveLength(written.length);
  });

  test("has options that may be scaled: all above 0", () => {
    const values = rules.flatMap(({ options = {} }) => Object.values(options));
    expect(values.filter((value) => !(value > 0))).toEqual([]);
  });
});
