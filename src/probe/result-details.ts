import { escapeText } from "../text/escape.ts";
import type { Page } from "../text/page.ts";
import { plural } from "../text/quantity.ts";
import type { Verdict } from "./probe.ts";
import type { ProbeResult, Step } from "./result.ts";

/** Steps written out, the last ones up to what decided; the JSON document has them all. */
const STEPS_SHOWN_MAX = 24;

/** What people read for a verdict. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: "pass",
  "pass-alternative": "permitted",
  deviates: "DEVIATES",
  inconclusive: "inconclusive",
  skipped: "skipped",
};

/** What the RFC requires, what was sent, answered and checked, and who else does so. */
export function writeDetails(page: Page, { probe, steps }: ProbeResult): void {
  const labelled = (label: string, text: string | undefined) => {
    if (text !== undefined && text !== "") page.labelled(label, escapeText(text));
  };
  labelled("required", `${probe.requires} (${probe.rfc})`);
  labelled("permitted", probe.permits);
  const { shown, before, after } = decisiveSteps(steps);
  if (before > 0) labelled("", `… ${plural(before, "earlier step")} (all with --format json)`);
  for (const step of shown) for (const [label, text] of stepLines(step)) labelled(label, text);
  if (after > 0) labelled("", `… ${plural(after, "later step")}`);
  labelled("known", probe.knownDeviations);
  labelled("pynfs", probe.pynfs?.join(", "));
}

/** The steps that end with the last check that was not passed: all of them where there is none. */
function decisiveSteps(steps: readonly Step[]): { shown: readonly Step[]; before: number; after: number } {
  const decisive = steps.findLastIndex((step) => step.kind === "check" && !isPassed(step.verdict));
  const end = decisive < 0 ? steps.length : decisive + 1;
  const start = Math.max(0, end - STEPS_SHOWN_MAX);
  return { shown: steps.slice(start, end), before: start, after: steps.length - end };
}

/** `[label, text]` of each line of a step. */
function stepLines(step: Step): [string, string][] {
  switch (step.kind) {
    case "exchange":
      return [
        ["sent", `${step.connection}: ${step.sent}`],
        ["answered", step.answered ?? "nothing yet"],
      ];
    case "check":
      if (isPassed(step.verdict)) return [["as wanted", step.observed]];
      return [[VERDICT_WORDS[step.verdict], `${step.observed}; required: ${step.required}`]];
    case "note":
      return [["", step.text]];
  }
}

function isPassed(verdict: Verdict): boolean {
  return verdict === "pass" || verdict === "pass-alternative";
}
