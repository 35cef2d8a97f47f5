import { expect, test } from "vitest";
import type { Report, RuleContext, Severity } from "../../src/rules/rule.ts";
import { withSettings } from "../../src/rules/settings.ts";
import { ruleLike } from "../support/analysis-fixture.ts";

/** What becomes of the severities that a rule gives in its reports. */
function severities(given: readonly (Severity | undefined)[], wanted: Severity): (Severity | undefined)[] {
  const heard: Report[] = [];
  const context = { capture: { gaps: 7 }, report: (told: Report) => void heard.push(told) };
  const rule = ruleLike({
    watch({ report, capture }) {
      expect(capture).toEqual({ gaps: 7 });
      for (const severity of given)
        report({ frames: [], message: "", ...(severity === undefined ? {} : { severity }) });
      return {};
    },
  });
  const [changed] = withSettings([rule], new Map([[rule.id, { severity: wanted }]]));
  changed!.watch(context as unknown as RuleContext);
  expect(changed!.severity).toBe(wanted);
  return heard.map(({ severity }) => severity);
}

test("rules without a setting stay as they are", () => {
  const rules = [ruleLike({ id: "a" }), ruleLike({ id: "b" })];
  const changed = withSettings(rules, new Map([["b", { options: { x: 1 } }]]));
  expect(changed[0]).toBe(rules[0]);
  expect(changed[1]).not.toBe(rules[1]);
});

test("options are replaced one by one", () => {
  const rule = ruleLike({ options: { x: 1, y: 2 } });
  const [changed] = withSettings([rule], new Map([[rule.id, { options: { y: 3 } }]]));
  expect(changed).toMatchObject({ options: { x: 1, y: 3 }, severity: rule.severity, watch: rule.watch });
});

test("a severity holds for all that a rule says, but for what it calls less bad itself", () => {
  expect(severities([undefined, "note", "error"], "warning")).toEqual(["warning", "note", "warning"]);
  expect(severities([undefined, "note"], "error")).toEqual(["error", "note"]);
});
