import { expect, test } from "vitest";
import { explainRule } from "../../src/report/explain.ts";
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

test("false retries: what a finding shows", () => {
  expect(explainRule(ruleLike({ id: "false-retry" }), OPTIONS)).toContain("the first field in which they differ");
  expect(explainRule(ruleLike({ id: "seq-gap" }), OPTIONS)).not.toContain("What a finding shows");
});

test("a rule about the capture has no RFC and no pynfs test", () => {
  const { pynfs: _, ...rule } = ruleLike({ rfc: null, fault: "capture" });
  const text = explainRule(rule, OPTIONS);
  expect(text).toContain("none: it is about the capture");
  expect(text).not.toContain("pynfs");
});

test("its relations to other rules, and what can be set", () => {
  const values = { supersedes: ["seq-misordered"], options: { patienceSeconds: 60 }, channel: "back" as const };
  const text = explainRule(ruleLike({ ...values, derivedFrom: "x", source: "my.mjs" }), OPTIONS);
  expect(text).toMatch(/ channel +back\n/);
  expect(text).toMatch(/ file +my\.mjs\n/);
  expect(text).toMatch(/ derived +from x, /);
  expect(text).toMatch(/ silences +seq-misordered\n/);
  expect(text).toMatch(/ options +patienceSeconds 60\n/);
  const plain = explainRule(ruleLike({}), OPTIONS);
  for (const label of ["channel", "file", "derived", "silences", "options"])
    expect(plain).not.toContain(`  ${label}  `);
});
