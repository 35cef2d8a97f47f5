import { expect, test } from "vitest";
import { countSeverities, isAtLeast, selectFindings } from "../../src/report/select-findings.ts";
import { finding, ruleLike } from "../support/analysis-fixture.ts";

const findings = [
  finding({ rule: ruleLike({ id: "a" }), severity: "error" }),
  finding({ rule: ruleLike({ id: "a" }), severity: "note" }),
  finding({ rule: ruleLike({ id: "b" }), severity: "warning" }),
];

test.each([
  [null, "note", 3],
  [null, "warning", 2],
  [null, "error", 1],
  [["a"], "note", 2],
  [["a"], "warning", 1],
  [["a", "b"], "warning", 2],
  [[], "note", 0],
] as const)("rules %j from %s up: %i", (rules, minSeverity, count) => {
  expect(selectFindings(findings, { rules: rules === null ? null : new Set(rules), minSeverity })).toHaveLength(count);
});

test("an error is at least a note, not the other way round", () => {
  expect(isAtLeast("error", "note")).toBe(true);
  expect(isAtLeast("warning", "warning")).toBe(true);
  expect(isAtLeast("note", "error")).toBe(false);
});

test("severities are counted apart", () => {
  expect(countSeverities(findings)).toEqual({ errors: 1, warnings: 1, notes: 1 });
});
