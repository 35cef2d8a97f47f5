import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseConfig, readConfig } from "../../src/cli/config.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { ruleLike } from "../support/analysis-fixture.ts";

const RULES = [
  ruleLike({ id: "seq-gap" }),
  ruleLike({ id: "leaked-slot", options: { patienceSeconds: 60, leasePercent: 50 } }),
];
const parse = (config: unknown) => parseConfig(JSON.stringify(config), "my.json", RULES);

test("off, a severity, options", () => {
  const { settings, off } = parse({
    rules: { "seq-gap": "off", "leaked-slot": { severity: "note", options: { patienceSeconds: 5.5 } } },
  });
  expect([...off]).toEqual(["seq-gap"]);
  expect([...settings]).toEqual([["leaked-slot", { severity: "note", options: { patienceSeconds: 5.5 } }]]);
  expect([...parse({ rules: { "seq-gap": "warning" } }).settings]).toEqual([["seq-gap", { severity: "warning" }]]);
  expect([...parse({ rules: { "leaked-slot": { severity: "off", options: { leasePercent: 1 } } } }).off]).toEqual([
    "leaked-slot",
  ]);
});

test("nothing at all", () => {
  for (const config of [{}, { rules: {} }]) expect(parse(config)).toEqual({ settings: new Map(), off: new Set() });
});

test.each([
  [[], "my.json: must be an object"],
  [{ rule: {} }, "my.json: rule: no such key; the only one is rules"],
  [{ rules: 1 }, "my.json: rules: must be an object"],
  [{ rules: { "seq-gab": "off" } }, "my.json: rules.seq-gab: there is no rule seq-gab: did you mean seq-gap?"],
  [{ rules: { "seq-gap": "fatal" } }, 'my.json: rules.seq-gap: must be "off", "error", "warning" or "note"'],
  [{ rules: null }, "my.json: rules: must be an object"],
  [{ rules: { "seq-gap": true } }, 'rules.seq-gap: must be "off", "error", "warning" or "note", or an object with'],
  [{ rules: { "seq-gap": { severity: 1 } } }, "my.json: rules.seq-gap.severity: must be"],
  [{ rules: { "seq-gap": { level: 1 } } }, "rules.seq-gap.level: no such key; there are severity and options"],
  [{ rules: { "seq-gap": { options: 7 } } }, "rules.seq-gap.options: must be an object"],
  [{ rules: { "seq-gap": { options: { x: 7 } } } }, "rules.seq-gap.options.x: seq-gap has no such option: it has none"],
  [
    { rules: { "leaked-slot": { options: { patienceSecond: 7 } } } },
    "options.patienceSecond: leaked-slot has no such option: did you mean patienceSeconds?",
  ],
  [{ rules: { "leaked-slot": { options: { zz: 7 } } } }, "no such option: it has patienceSeconds, leasePercent"],
  [{ rules: { "leaked-slot": { options: { leasePercent: 0 } } } }, "options.leasePercent: must be a number above 0"],
  [{ rules: { "leaked-slot": { options: { leasePercent: "7" } } } }, "must be a number above 0"],
])("%o: %s", (config, message) => {
  expect(() => parse(config)).toThrow(InputError);
  expect(() => parse(config)).toThrow(message);
});

test("keys that mean something to JavaScript mean nothing here", () => {
  const inRules = (text: string) => parseConfig(`{"rules": ${text}}`, "my.json", RULES);
  expect(() => inRules('{"__proto__": "off"}')).toThrow("rules.__proto__: there is no rule __proto__");
  expect(() => inRules('{"seq-gap": {"options": {"__proto__": 1}}}')).toThrow("options.__proto__: seq-gap has no such");
  expect(() => inRules('{"leaked-slot": {"options": {"patienceSeconds": 1e999}}}')).toThrow("must be a number above 0");
});

test("what is not JSON is said so, on one line", () => {
  expect(() => parseConfig('{\n"rules": {', "my.json", RULES)).toThrow(/^my\.json: is not JSON: [^\n]+$/);
});

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slotshark-config-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

test("a file that was named must be there, the usual one need not", async () => {
  await expect(readConfig(join(folder, "none.json"), RULES)).rejects.toThrow("none.json: no such file");
  await expect(readConfig(folder, RULES)).rejects.toThrow(`${folder}: is a directory, not a file`);
  expect((await readConfig(undefined, RULES)).settings.size).toBe(0);
  writeFileSync(join(folder, "my.json"), '\ufeff{"rules": {"seq-gap": "note"}}');
  expect((await readConfig(join(folder, "my.json"), RULES)).settings.get("seq-gap")).toEqual({ severity: "note" });
});
