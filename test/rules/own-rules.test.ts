import { describe, expect, test } from "vitest";
import { OwnRuleError, ownRules } from "../../src/rules/own-rules.ts";
import type { Report, Rule, RuleContext } from "../../src/rules/rule.ts";
import { ruleLike } from "../support/analysis-fixture.ts";

const TAKEN = new Set(["seq-gap"]);
const own = (values: Record<string, unknown> = {}) => ({ ...ruleLike({ id: "mine" }), ...values });
const load = (exported: unknown) => ownRules(exported, "my.mjs", TAKEN);

/** The message of the error that `act` ends in. */
function complaint(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    expect(error).toBeInstanceOf(OwnRuleError);
    return (error as Error).message;
  }
  throw new Error("nothing was wrong");
}

describe("rules of one's own", () => {
  test("are taken as they are, with the file they come from", () => {
    expect(load([own({ options: { x: 1 }, channel: "both", operations: [18] })])).toMatchObject([
      { id: "mine", source: "my.mjs", options: { x: 1 }, channel: "both", operations: [18] },
    ]);
    expect(load([])).toEqual([]);
  });

  test.each([
    [undefined, "my.mjs: its default export must be an array of rules"],
    [[7], "my.mjs: rule number 1 must be an object"],
    [[own({ id: "seq-gap" })], "my.mjs: there is a rule seq-gap already"],
    [[own(), own()], "my.mjs: there is a rule mine already"],
    [[own({ id: "My Rule" })], "my.mjs: rule My Rule: id must be lower-case words joined by hyphens"],
    [[own({ severity: "fatal" })], "my.mjs: rule mine: severity must be error, warning or note"],
    [[own({ fault: "me" })], "rule mine: fault must be one of client, server"],
    [[own({ title: "" })], "title must be a string"],
    [[own({ rfc: undefined })], "rfc must be a string or null"],
    [[own({ help: { means: "x" } })], "help must be an object with the strings means, hurts and todo"],
    [[own({ downgrades: { Z: 1 } })], "downgrades must be an object with codes (M G H O R T P U V)"],
    [[own({ downgrades: { G: 3 } })], "downgrades must be"],
    [[own({ downgrades: undefined })], "downgrades must be"],
    [[own({ channel: "side" })], "channel must be fore, back or both"],
    [[own({ options: { x: "1" } })], "options must be an object of numbers"],
    [[own({ operations: ["OPEN"] })], "operations must be a list of operation numbers"],
    [[own({ supersedes: "x" })], "supersedes must be a list of rule ids"],
    [[own({ watch: undefined })], "watch must be a function"],
    [[own({ isPrototypeOf: 1 })], "my.mjs: rule mine: rules have no member isPrototypeOf"],
    [[own({ wacth: 1 })], "my.mjs: rule mine: rules have no member wacth"],
  ])("%#: %s", (exported, message) => {
    expect(complaint(() => load(exported))).toContain(message);
  });
});

describe("a mistake in one is told as the user's", () => {
  const context = { report: () => {} } as unknown as RuleContext;
  const failing = (watch: Rule["watch"]) => load([own({ watch })])[0]!;

  test("when it begins to watch", () => {
    const rule = failing(() => {
      throw new TypeError("x is\n not a function");
    });
    expect(complaint(() => rule.watch(context))).toBe(
      "my.mjs: rule mine failed in watch: TypeError: x is not a function",
    );
  });

  test.each([
    [undefined, "watch must give an object with a function for each fact"],
    [{ "call-nwe": () => {} }, "watch: there is no fact call-nwe"],
    [{ constructor: () => {} }, "watch: there is no fact constructor"],
    [{ tick: 7 }, "watch: tick must be a function"],
  ])("when it watches nothing that there is: %o", (handlers, message) => {
    const rule = failing(() => handlers as never);
    expect(complaint(() => rule.watch(context))).toBe(`my.mjs: rule mine: ${message}`);
  });

  test("when its report is asked whether it holds", () => {
    const reports: Report[] = [];
    const holds = () => JSON.parse("{");
    const rule = failing(({ report }) => ({ tick: () => report({ frames: [], message: "x", holds }) }));
    rule.watch({ report: (report: Report) => reports.push(report) } as unknown as RuleContext).tick?.(1);
    expect(complaint(() => reports[0]!.holds!())).toMatch(/^my\.mjs: rule mine failed in holds: SyntaxError/);
  });

  test("when it hears a fact", () => {
    const rule = failing(() => ({ tick: () => JSON.parse("{") }));
    expect(complaint(() => rule.watch(context).tick?.(1))).toMatch(/^my\.mjs: rule mine failed in tick: SyntaxError/);
  });

  test.each([[undefined], [{ message: "x" }], [{ frames: [] }]])("when its report is none: %o", (report) => {
    const rule = failing((given) => ({ tick: () => given.report(report as never) }));
    expect(complaint(() => rule.watch(context).tick?.(1))).toContain("made a report without message or frames");
  });
});
