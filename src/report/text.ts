import type { Analysis } from "../analysis/analysis.ts";
import type { Finding } from "../rules/finding.ts";
import type { Rule } from "../rules/rule.ts";
import { escapeText } from "../text/escape.ts";
import { Page } from "../text/page.ts";
import { plural } from "../text/quantity.ts";
import { SEVERITIES, type Selection, selectFindings } from "./select-findings.ts";
import { shortSessionIds } from "./short-session-ids.ts";
import { writeCaptures } from "./text-captures.ts";
import { writeFinding, writeNote } from "./text-finding.ts";
import { writeSessions } from "./text-sessions.ts";
import { writeVerdict } from "./text-verdict.ts";

/** Findings written out; a capture with more is broken in a way that these show. */
const FINDINGS_SHOWN_MAX = 20;
const NOTES_SHOWN_MAX = 10;

/** What the text is written for. */
export interface TextOptions {
  /** Columns of the terminal. */
  width: number;
  isColored: boolean;
}

/** The report for people: verdict first, then findings from the worst down, sessions, and what it all rests on. */
export function textReport(analysis: Analysis, selection: Selection, options: TextOptions): string {
  const page = new Page(options.width, options.isColored);
  const findings = selectFindings(analysis.findings, selection);
  const shortId = namer(analysis, findings);
  writeVerdict(page, analysis, findings);
  const misuse = SEVERITIES.slice(0, 2).flatMap((level) => findings.filter(({ severity }) => severity === level));
  for (const finding of misuse.slice(0, FINDINGS_SHOWN_MAX)) {
    page.blank();
    writeFinding(page, finding, analysis, shortId);
  }
  if (misuse.length > FINDINGS_SHOWN_MAX) {
    page.blank();
    page.paragraph(`… and ${byRule(misuse.slice(FINDINGS_SHOWN_MAX))} (all with --format json)`);
  }
  writeNotes(page, findings, analysis);
  writeSessions(page, analysis, shortId);
  writeCaptures(page, analysis);
  const [worst] = misuse;
  if (worst !== undefined) page.labelled("more", explanation(worst.rule));
  return page.text;
}

/** The command that explains a rule, also one of the user's own. */
function explanation({ id, source }: Rule): string {
  return `slotshark explain ${source === undefined ? "" : `--rules ${escapeText(source)} `}${id}`;
}

function namer(analysis: Analysis, findings: readonly Finding[]): (id: string) => string {
  const known = analysis.servers.flatMap((server) => [...server.sessions.keys()]);
  const named = findings.flatMap(({ session }) => (session === null ? [] : [session.id]));
  const short = shortSessionIds([...known, ...named]);
  return (id) => short.get(id) ?? id;
}

function writeNotes(page: Page, findings: readonly Finding[], analysis: Analysis): void {
  const notes = findings.filter(({ severity }) => severity === "note");
  if (notes.length > 0) page.blank();
  for (const note of notes.slice(0, NOTES_SHOWN_MAX)) writeNote(page, note, analysis);
  const hidden = notes.slice(NOTES_SHOWN_MAX);
  if (hidden.length > 0) page.labelled("note", `and ${byRule(hidden)} (all with --format json)`);
}

/** `3 more findings: 2 seq-gap, 1 seq-behind`. */
function byRule(findings: readonly Finding[]): string {
  const counts = new Map<string, number>();
  for (const { rule } of findings) counts.set(rule.id, (counts.get(rule.id) ?? 0) + 1);
  const rules = Array.from(counts, ([id, count]) => `${count} ${id}`);
  return `${plural(findings.length, "more finding")}: ${rules.join(", ")}`;
}
