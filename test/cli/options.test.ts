import { Command } from "commander";
import { expect, test } from "vitest";
import { type AnalyzeFlags, addAnalyzeOptions } from "../../src/cli/options.ts";

function parsed(...argv: string[]): AnalyzeFlags {
  const command = addAnalyzeOptions(
    new Command()
      .exitOverride()
      .configureOutput({ writeErr: () => {} })
      .argument("[captures...]"),
  );
  return command.parse(argv, { from: "user" }).opts<AnalyzeFlags>();
}

test("what stands where nothing is said", () => {
  expect(parsed()).toEqual({ format: "text", minSeverity: "note", reader: "own" });
});

test("captures and rules add up", () => {
  expect(parsed("-r", "a", "--read", "b").read).toEqual(["a", "b"]);
  expect(parsed("--rule", "a,b, c", "--rule", "d,").rule).toEqual(["a", "b", "c", "d"]);
  expect(parsed("--not-rule", "a,b", "--not-rule", "seq-*").notRule).toEqual(["a", "b", "seq-*"]);
  expect(parsed("--rules", "a,b.mjs", "--rules", "c.mjs").rules).toEqual(["a,b.mjs", "c.mjs"]);
});

test("colours: asked for, refused or left to the terminal", () => {
  expect([parsed("--color").color, parsed("--no-color").color, parsed().color]).toEqual([true, false, undefined]);
});

test("how many threads", () => {
  expect(parsed("--jobs", "2").jobs).toBe(2);
  for (const word of ["0", "-1", "1.5", "two", "1e2", "1000", ""]) {
    expect(() => parsed("--jobs", word), word).toThrow("Write a whole number from 1 to 999.");
  }
});
