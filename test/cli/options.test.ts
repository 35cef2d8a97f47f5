import { Command } from "commander";
import { expect, test } from "vitest";
import { type AnalyzeFlags, addAnalyzeOptions, selectedRules, unknownRule } from "../../src/cli/options.ts";
import { UsageError } from "../../src/cli/usage-error.ts";

function parsed(...argv: string[]): AnalyzeFlags {
  const command = addAnalyzeOptions(new Command().exitOverride().argument("[captures...]"));
  return command.parse(argv, { from: "user" }).opts<AnalyzeFlags>();
}

test("what stands where nothing is said", () => {
  expect(parsed()).toEqual({ format: "text", minSeverity: "note", reader: "own" });
});

test("captures and rules add up", () => {
  expect(parsed("-r", "a", "--read", "b").read).toEqual(["a", "b"]);
  expect(parsed("--rule", "a,b, c", "--rule", "d,").rule).toEqual(["a", "b", "c", "d"]);
});

test("colours: asked for, refused or left to the terminal", () => {
  expect([parsed("--color").color, parsed("--no-color").color, parsed().color]).toEqual([true, false, undefined]);
});

test("rules must exist", () => {
  expect(selectedRules(undefined, ["a"])).toBeNull();
  expect(selectedRules(["a", "a"], ["a", "b"])).toEqual(new Set(["a"]));
  expect(() => selectedRules(["seq-gab"], ["seq-gap"])).toThrow(UsageError);
  expect(unknownRule("seq-gab", ["seq-gap"])).toBe("there is no rule seq-gab: did you mean seq-gap?");
  expect(unknownRule("zz", ["seq-gap"])).toContain("lists them all");
});
