import type { Fault, Rule, Severity } from "../rules/rule.ts";
import { escapeText } from "../text/escape.ts";
import { Page } from "../text/page.ts";
import { plural } from "../text/quantity.ts";
import { safeJson } from "../text/safe-json.ts";
import type { TextOptions } from "./text.ts";

/** Which rules of the catalogue are listed. */
export interface RuleFilter {
  readonly families?: readonly string[] | undefined;
  readonly severity?: Severity | undefined;
  readonly fault?: Fault | undefined;
  /** Also those that hold a rule of the fore channel against the back channel. */
  readonly derived: boolean;
}

type Families = ReadonlyMap<string, readonly Rule[]>;

/** One line a rule, family by family. */
export function ruleListText(catalogue: Families, filter: RuleFilter, options: TextOptions): string {
  const page = new Page(options.width, options.isColored);
  const families = filtered(catalogue, filter);
  const all = [...families.values()].flat();
  const idColumns = Math.max(0, ...all.map(({ id }) => id.length));
  const hidden = filter.derived ? 0 : [...filtered(catalogue, { ...filter, derived: true }).values()].flat().length;
  const derived = hidden > all.length ? ` (${hidden - all.length} more for the back channel with --derived)` : "";
  page.paragraph(`${plural(all.length, "rule")}${derived}; slotshark explain RULE tells more of one.`);
  for (const [family, rules] of families) {
    page.blank();
    page.paragraph(family, 0, page.colors.bold);
    for (const { id, severity, title } of rules)
      page.line(`  ${id.padEnd(idColumns)}  ${severity.padEnd(7)}  ${escapeText(title)}`);
  }
  return page.text;
}

/** A JSON array, one line a rule. */
export function ruleListJson(catalogue: Families, filter: RuleFilter): string {
  const lines = [...filtered(catalogue, filter)].flatMap(([family, rules]) =>
    rules.map((rule) => safeJson(jsonRule(family, rule))),
  );
  return lines.length === 0 ? "[]\n" : `[\n${lines.join(",\n")}\n]\n`;
}

/** All that is said of a rule as data. */
function jsonRule(family: string, rule: Rule) {
  const { id, channel = "fore", severity, fault, title, rfc, help, pynfs = [], downgrades } = rule;
  const { options = {}, supersedes = [], derivedFrom = null, source = null } = rule;
  return {
    id,
    family,
    channel,
    severity,
    fault,
    title,
    rfc,
    help: { means: help.means, hurts: help.hurts, todo: help.todo, seenIn: help.seenIn ?? null },
    pynfs,
    // A hole in the capture always silences, whatever a rule says of it.
    downgrades: downgrades.G === undefined ? downgrades : { ...downgrades, G: "off" },
    options,
    supersedes,
    derivedFrom,
    source,
  };
}

/** Families of which nothing is left are left out. */
function filtered(catalogue: Families, filter: RuleFilter): Map<string, readonly Rule[]> {
  const { families, severity, fault, derived } = filter;
  const isWanted = (rule: Rule) =>
    (derived || rule.derivedFrom === undefined) &&
    (severity === undefined || rule.severity === severity) &&
    (fault === undefined || rule.fault === fault);
  const left = [...catalogue].filter(([family]) => families === undefined || families.includes(family));
  return new Map(
    left.map(([family, rules]) => [family, rules.filter(isWanted)] as const).filter(([, rules]) => rules.length > 0),
  );
}
