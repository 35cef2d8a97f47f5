import { expect, test } from "vitest";
import { chooseRules, type RuleWishes, unknownFamily, unknownRule } from "../../src/cli/choose-rules.ts";
import { UsageError } from "../../src/cli/usage-error.ts";
import { ruleLike } from "../support/analysis-fixture.ts";

const CATALOGUE = new Map([
  ["slots", ["seq-gap", "seq-behind", "leaked-slot"].map((id) => ruleLike({ id }))],
  ["capture", [ruleLike({ id: "capture-gap" })]],
]);

const chosen = (wishes: RuleWishes) => {
  const ids = chooseRules(wishes, CATALOGUE);
  return ids === null ? null : [...ids].sort();
};

test("nothing said: all of them", () => {
  expect(chosen({})).toBeNull();
  expect(chosen({ off: new Set() })).toBeNull();
});

test.each([
  ["an id", ["seq-gap"], ["seq-gap"]],
  ["a family", ["slots"], ["leaked-slot", "seq-behind", "seq-gap"]],
  ["patterns", ["seq-*", "*-slot"], ["leaked-slot", "seq-behind", "seq-gap"]],
  ["the same twice", ["seq-gap", "seq-gap"], ["seq-gap"]],
  ["everything", ["*"], ["capture-gap", "leaked-slot", "seq-behind", "seq-gap"]],
])("only %s", (_, only, ids) => {
  expect(chosen({ only })).toEqual(ids);
});

test("a pattern of many stars is no riddle", () => {
  expect(() => chosen({ only: [`${"*".repeat(50)}!`] })).toThrow("no rule is called");
});

test("not some of them", () => {
  expect(chosen({ not: ["slots"] })).toEqual(["capture-gap"]);
  expect(chosen({ only: ["slots"], not: ["seq-*"] })).toEqual(["leaked-slot"]);
});

test("what the config file switches off stays off, unless it is named", () => {
  const off = new Set(["seq-gap", "capture-gap"]);
  expect(chosen({ off })).toEqual(["leaked-slot", "seq-behind"]);
  expect(chosen({ off, only: ["slots"] })).toEqual(["leaked-slot", "seq-behind"]);
  expect(chosen({ off, only: ["seq-gap"] })).toEqual(["seq-gap"]);
});

test.each([
  [{ only: ["seq-gab"] }, "there is no rule seq-gab: did you mean seq-gap?"],
  [{ not: ["capure"] }, "there is no rule capure: did you mean capture"],
  [{ only: ["x*"] }, "no rule is called x*"],
  [{ only: ["seq.gap*"] }, "no rule is called seq.gap*"],
  [{ only: ["slots"], not: ["slots"] }, "no rule is left"],
  [{ only: [] }, "need a rule, a family or a pattern"],
  [{ not: [] }, "need a rule, a family or a pattern"],
])("%o: %s", (wishes, message) => {
  expect(() => chooseRules(wishes, CATALOGUE)).toThrow(UsageError);
  expect(() => chooseRules(wishes, CATALOGUE)).toThrow(message);
});

test("names that do not exist", () => {
  expect(unknownRule("seq-gab", ["seq-gap"])).toBe("there is no rule seq-gab: did you mean seq-gap?");
  expect(unknownRule("zz", ["seq-gap"])).toContain("lists them all");
  expect(unknownFamily("slot", ["slots"])).toBe("there is no family slot: did you mean slots?");
  expect(unknownFamily("zzzzzz", ["slots", "capture"])).toBe("there is no family zzzzzz: there are slots, capture");
});
