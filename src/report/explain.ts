import { DOWNGRADES, type DowngradeCode, type Fault, type Rule } from "../rules/rule.ts";
import { Page } from "../text/page.ts";
import type { TextOptions } from "./text.ts";

const FAULTS: Record<Fault, string> = {
  client: "the client",
  server: "the server",
  network: "the network",
  capture: "the capture, no peer",
  unknown: "not to be told from a capture",
  none: "nobody",
};

const COSTS = { 1: "one step less sure", 2: "two steps less sure", off: "not reported at all" } as const;

/**
 * Rules that compare a request or reply with an earlier one do it by fingerprint,
 * which leaves most of opaque READ and WRITE data out.
 */
const COMPARES = /retry|replay|differ|duplicate/;
const COMPARED =
  "Requests and replies are compared by operations, arguments and results; of opaque READ and WRITE data only the " +
  "length and the first 64 captured bytes count. A difference beyond them is not seen.";
/** Rules whose findings show in what two requests differ. */
const SHOWS_DIFFERENCE = /false-retry/;
const DIFFERENCE =
  "The operations of both requests, and the first field in which they differ with both values, as far as the first " +
  "512 bytes of both tell.";

/** More about a rule than it says itself. */
export interface Addition {
  readonly title: string;
  readonly text: string;
}

/** All there is to know of a rule. */
export function explainRule(rule: Rule, options: TextOptions, additions: readonly Addition[] = []): string {
  const page = new Page(options.width, options.isColored);
  const { bold } = page.colors;
  const { help } = rule;
  page.paragraph(`${rule.id}: ${rule.title}`, 0, bold);
  page.labelled("severity", rule.severity);
  page.labelled("fault", FAULTS[rule.fault]);
  if (rule.channel !== undefined && rule.channel !== "fore") page.labelled("channel", rule.channel);
  page.labelled("source", rule.rfc ?? "none: it is about the capture");
  if (rule.pynfs !== undefined && rule.pynfs.length > 0) page.labelled("pynfs", rule.pynfs.join(", "));
  if (rule.source !== undefined) page.labelled("file", rule.source);
  writeRelations(page, rule);
  section(page, "What it means", help.means);
  section(page, "Why it hurts", help.hurts);
  section(page, "What to do", help.todo);
  if (help.seenIn !== undefined) section(page, "Known to do it", help.seenIn);
  writeDoubts(page, rule);
  if (SHOWS_DIFFERENCE.test(rule.id)) section(page, "What a finding shows", DIFFERENCE);
  if (COMPARES.test(rule.id)) section(page, "What is not seen", COMPARED);
  for (const { title, text } of additions) section(page, title, text);
  return page.text;
}

/** To which other rules it stands in which relation, and what can be set. */
function writeRelations(page: Page, { supersedes = [], derivedFrom, options = {} }: Rule): void {
  if (derivedFrom !== undefined)
    page.labelled("derived", `from ${derivedFrom}, with client and server changing places`);
  if (supersedes.length > 0) page.labelled("silences", supersedes.join(", "));
  const values = Object.entries(options).map(([name, value]) => `${name} ${value}`);
  if (values.length > 0) page.labelled("options", values.join(", "));
}

function section(page: Page, title: string, text: string): void {
  page.blank();
  page.paragraph(title, 0, page.colors.bold);
  page.paragraph(text, 2);
}

/** The downgrade codes of a finding, in words. */
function writeDoubts(page: Page, { downgrades }: Rule): void {
  const codes = Object.keys(downgrades) as DowngradeCode[];
  if (codes.length === 0) return;
  page.blank();
  page.paragraph("When it is less than certain", 0, page.colors.bold);
  for (const code of codes) {
    const cost = code === "G" ? "off" : downgrades[code];
    if (cost !== undefined) page.labelled(code, `${DOWNGRADES[code]}: ${COSTS[cost]}`);
  }
}
