import { expect, test } from "vitest";
import { explainRule, listRules } from "../../src/report/explain.ts";
import { ruleLike } from "../support/analysis-fixture.ts";
import { expectGolden } from "../support/golden.ts";

const OPTIONS = { width: 80, isColored: false };

test("everything there is to know of a rule", () => {
  expectGolden("report/golden/explain.txt", explainRule(ruleLike({}), OPTIONS));
});

test("codes of a downgrade are explained, also those that silence the rule", () => {
  const text = explainRule(ruleLike({ downgrades: { M: 1, O: 2, P: "off" } }), OPTIONS);
  expect(text).toMatch(/ M +the slot or session was adopted/);
  expect(text).toMatch(/two steps less sure/);
  expect(text).toMatch(/the arguments are encrypted: not reported at all/);
});

test.each([
  ["false-retry", true],
  ["reply-differs", true],
  ["seq-gap", false],
])("%s: what comparing cannot see is said where it matters", (id, isSaid) => {
  expect(explainRule(ruleLike({ id }), OPTIONS).includes("first 64 captured bytes")).toBe(isSaid);
});

test("a rule about the capture has no RFC and no pynfs test", () => {
  const { pynfs: _, ...rule } = ruleLike({ rfc: null, fault: "capture" });
  const text = explainRule(rule, OPTIONS);
  expect(text).toContain("none: it is about the capture");
  expect(text).not.toContain("pynfs");
});

test("the list goes family by family", () => {
  const families = new Map([
    ["sequencing", [ruleLike({}), ruleLike({ id: "seq-behind" })]],
    ["replies", [ruleLike({ id: "reply-orphan", severity: "note" })]],
  ]);
  const text = listRules(families, OPTIONS);
  expect(text).toMatch(/^3 rules;/);
  expect(text).toMatch(/\nsequencing\n {2}seq-gap {7}error {4}Sequence id jumped ahead\n/);
  expect(text).toMatch(/\nreplies\n {2}reply-orphan {2}note /);
});
