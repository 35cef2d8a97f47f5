import { escapeText } from "../text/escape.ts";
import { Page } from "../text/page.ts";
import { duration, plural } from "../text/quantity.ts";
import type { Verdict } from "./probe.ts";
import { countVerdicts, totalMillis } from "./probe-report.ts";
import type { ProbeResult } from "./result.ts";
import { writeDetails } from "./result-details.ts";

/** What the text is written for. */
export interface ProbeTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly isColored: boolean;
  /** Of the longest id among the probes that run. */
  readonly idColumns: number;
}

/** Deviations written out; the others have their line. */
const DETAILED_MAX = 50;
const VERDICT_COLUMNS = 12;

/** What people read for a verdict. */
export const VERDICT_WORDS: Readonly<Record<Verdict, string>> = {
  pass: "pass",
  "pass-alternative": "permitted",
  deviates: "DEVIATES",
  inconclusive: "inconclusive",
  skipped: "skipped",
};

/** One probe as soon as it is over: its id, how it went, and in one line why. */
export function probeLine({ probe, verdict, reason }: ProbeResult, options: ProbeTextOptions): string {
  const { colors, ...page } = withPage(options);
  const paint = painterOf(verdict, colors);
  const what = paint(VERDICT_WORDS[verdict].padEnd(VERDICT_COLUMNS));
  const head = `${probe.id.padEnd(options.idColumns)}  ${what}`;
  const columns = options.idColumns + 2 + VERDICT_COLUMNS + 1;
  return `${`${head} ${cut(escapeText(reason === "" ? probe.title : reason), page.width - columns)}`.trimEnd()}\n`;
}

/** After the last probe: what deviates in detail, then one line of numbers. */
export function probeClosing(results: readonly ProbeResult[], options: ProbeTextOptions): string {
  const page = new Page(options.width, options.isColored);
  const deviating = results.filter(({ verdict }) => verdict === "deviates");
  for (const result of deviating.slice(0, DETAILED_MAX)) {
    page.line("");
    writeDetails(page, result);
  }
  if (deviating.length > DETAILED_MAX) {
    page.line("");
    page.paragraph(`… and ${plural(deviating.length - DETAILED_MAX, "more deviation")} (all with --format json)`);
  }
  page.line("");
  const paint = painterOf(deviating.length > 0 ? "deviates" : "pass", page.colors);
  page.paragraph(summary(results), 0, (line) => page.colors.bold(paint(line)));
  return page.text;
}
