import { nearest } from "../report/nearest.ts";
import { SEVERITIES } from "../report/select-findings.ts";
import type { Rule, Severity } from "../rules/rule.ts";
import type { RuleSetting } from "../rules/settings.ts";
import { readText } from "../sys/files.ts";
import { InputError } from "../sys/input-error.ts";
import { listed } from "../text/quantity.ts";
import { unknownRule } from "./choose-rules.ts";

/** Looked up in the working directory. */
export const CONFIG_FILE = "slotshark.config.json";

/** What the config file says. */
export interface Config {
  readonly settings: ReadonlyMap<string, RuleSetting>;
  /** Ids of rules that are switched off. */
  readonly off: ReadonlySet<string>;
}

const NOTHING: Config = { settings: new Map(), off: new Set() };

/** Reads the config file that was named, or the usual one where there is one. */
export async function readConfig(named: string | undefined, rules: readonly Rule[]): Promise<Config> {
  const path = named ?? CONFIG_FILE;
  const text = readText(path);
  if (text !== null) return parseConfig(text, path, rules);
  if (named !== undefined) throw new InputError(path, "no such file");
  return NOTHING;
}

/** Every mistake is an error that names the file and the key: a setting that does nothing is worse than none. */
export function parseConfig(text: string, path: string, rules: readonly Rule[]): Config {
  const fail = (key: string, problem: string): never => {
    throw new InputError(path, key === "" ? problem : `${key}: ${problem}`);
  };
  const root = members(parseJson(text, path), "", fail);
  for (const key of Object.keys(root)) if (key !== "rules") fail(key, "no such key; the only one is rules");
  const settings = new Map<string, RuleSetting>();
  const off = new Set<string>();
  for (const [id, value] of Object.entries(members(root.rules === undefined ? {} : root.rules, "rules", fail))) {
    const key = `rules.${id}`;
    const rule = rules.find((known) => known.id === id);
    if (rule === undefined) {
      const ids = rules.map((known) => known.id);
      fail(key, unknownRule(id, ids));
    } else if (value === "off") off.add(id);
    else if (typeof value === "string") settings.set(id, { severity: severityOf(value, key, fail) });
    else if (isObject(value)) readSetting(rule, value, { key, settings, off, fail });
    else fail(key, `${WORDS}, or an object with severity and options`);
  }
  return { settings, off };
}

const WORDS = `must be ${listed(
  ["off", ...SEVERITIES].map((word) => `"${word}"`),
  "or",
)}`;

type Fail = (key: string, problem: string) => never;

interface Place {
  readonly key: string;
  readonly settings: Map<string, RuleSetting>;
  readonly off: Set<string>;
  readonly fail: Fail;
}

function readSetting(rule: Rule, value: Record<string, unknown>, { key, settings, off, fail }: Place): void {
  for (const name of Object.keys(value))
    if (name !== "severity" && name !== "options")
      fail(`${key}.${name}`, "no such key; there are severity and options");
  const { severity, options } = value;
  if (severity === "off") off.add(rule.id);
  const isGiven = severity !== undefined && severity !== "off";
  settings.set(rule.id, {
    ...(isGiven ? { severity: severityOf(severity, `${key}.severity`, fail) } : {}),
    ...(options === undefined ? {} : { options: optionsOf(rule, options, `${key}.options`, fail) }),
  });
}

function severityOf(value: unknown, key: string, fail: Fail): Severity {
  const severity = SEVERITIES.find((known) => known === value);
  return severity ?? fail(key, WORDS);
}

function optionsOf(rule: Rule, value: unknown, key: string, fail: Fail): Record<string, number> {
  const known = Object.keys(rule.options ?? {});
  const options: Record<string, number> = {};
  for (const [name, number] of Object.entries(members(value, key, fail))) {
    if (!known.includes(name)) {
      const [near] = nearest(name, known);
      const all = known.length === 0 ? "it has none" : `it has ${known.join(", ")}`;
      fail(`${key}.${name}`, `${rule.id} has no such option: ${near === undefined ? all : `did you mean ${near}?`}`);
    }
    if (typeof number !== "number" || !(number > 0 && number < Number.POSITIVE_INFINITY))
      fail(`${key}.${name}`, "must be a number above 0");
    else options[name] = number;
  }
  return options;
}

function members(value: unknown, key: string, fail: Fail): Record<string, unknown> {
  return isObject(value) ? value : fail(key, "must be an object");
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new InputError(path, `is not JSON: ${String((error as Error).message).replace(/\s*\n\s*/g, " ")}`);
  }
}
