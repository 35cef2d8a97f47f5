import { describe, expect, test } from "vitest";
import { type RuleFilter, ruleListJson, ruleListText } from "../../src/report/rule-list.ts";
import { ruleLike } from "../support/analysis-fixture.ts";

const OPTIONS = { width: 80, isColored: false };
const FAMILIES = new Map([
  ["sequencing", [ruleLike({}), ruleLike({ id: "seq-behind", downgrades: { G: 1, M: 1 } })]],
  [
    "replies",
    [
      ruleLike({ id: "reply-orphan", severity: "note", fault: "server" }),
      ruleLike({ id: "backchannel-reply-orphan", derivedFrom: "reply-orphan", channel: "back" }),
    ],
  ],
]);

const text = (filter: Partial<RuleFilter> = {}) => ruleListText(FAMILIES, { derived: false, ...filter }, OPTIONS);
const json = (filter: Partial<RuleFilter> = {}) => JSON.parse(ruleListJson(FAMILIES, { derived: false, ...filter }));
const ids = (filter: Partial<RuleFilter>) => json(filter).map(({ id }: { id: string }) => id);

describe("as text", () => {
  test("the list goes family by family", () => {
    expect(text()).toMatch(/^3 rules \(1 more for the back channel with --derived\);/);
    expect(text()).toMatch(/\nsequencing\n {2}seq-gap {7}error {4}Sequence id jumped ahead\n/);
    expect(text()).toMatch(/\nreplies\n {2}reply-orphan {2}note /);
  });

  test("with those that are derived", () => {
    expect(text({ derived: true })).toMatch(/^4 rules;/);
    expect(text({ derived: true })).toContain("\n  backchannel-reply-orphan ");
  });

  test("families of which nothing is left are not named", () => {
    expect(text({ fault: "server" })).not.toContain("sequencing");
    expect(text({ fault: "network" })).toMatch(/^0 rules;/);
  });
});

describe("as JSON", () => {
  test("everything about a rule, a line each", () => {
    expect(ruleListJson(FAMILIES, { derived: true }).split("\n")).toHaveLength(4 + 3);
    expect(json({ families: ["replies"], derived: true })[1]).toEqual({
      id: "backchannel-reply-orphan",
      family: "replies",
      channel: "back",
      severity: "error",
      fault: "client",
      title: "Sequence id jumped ahead",
      rfc: expect.any(String),
      help: {
        means: expect.any(String),
        hurts: expect.any(String),
        todo: expect.any(String),
        seenIn: expect.any(String),
      },
      pynfs: ["SEQ13"],
      downgrades: expect.any(Object),
      options: {},
      supersedes: [],
      derivedFrom: "reply-orphan",
      source: null,
    });
    expect(json()[1].downgrades).toEqual({ G: "off", M: 1 });
  });

  test("filtered", () => {
    expect(ids({ severity: "note" })).toEqual(["reply-orphan"]);
    expect(ids({ fault: "client" })).toEqual(["seq-gap", "seq-behind"]);
    expect(ids({ families: ["replies"], derived: true })).toEqual(["reply-orphan", "backchannel-reply-orphan"]);
    expect(ids({ fault: "network" })).toEqual([]);
  });
});
