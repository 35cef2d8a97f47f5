import { escapeText } from "../text/escape.ts";
import { type Colors, Page } from "../text/page.ts";
import { duration, listed, plural } from "../text/quantity.ts";
import type { Verdict } from "./probe.ts";
import { countVerdicts, type ProbeReport, totalMillis } from "./probe-report.ts";
import type { ProbeResult } from "./result.ts";
import { VERDICT_WORDS, writeDetails } from "./result-details.ts";

/** What the text is written for. */
export interface ProbeTextOptions {
  /** Columns of the terminal. */
  readonly width: number;
  readonly isColored: boolean;
}

/** Deviations written out; of more only the number. */
const DETAILED_MAX = 50;
const VERDICT_COLUMNS = Math.max(...Object.values(VERDICT_WORDS).map((word) => word.length));

/** Above the probes of one minor version. */
export function probeHeading(server: string, minorVersion: number, options: ProbeTextOptions): string {
  const page = new Page(options.width, options.isColored);
  page.line(page.colors.bold(escapeText(`NFSv4.${minorVersion} of ${server}`)));
  return page.text;
}

/** One probe as soon as it is over: how it went and why. `idColumns` is the length of the longest id. */
export function probeLine(result: ProbeResult, idColumns: number, options: ProbeTextOptions): string {
  const { probe, verdict, reason } = result;
  const page = new Page(options.width, options.isColored);
  const word = paintOf(verdict, page.colors)(VERDICT_WORDS[verdict].padEnd(VERDICT_COLUMNS));
  page.line(`${probe.id.padEnd(idColumns)}  ${word}  ${escapeText(reason === "" ? probe.title : reason)}`);
  return page.text;
}

/** After the last probe: what deviates in detail, then the numbers. */
export function probeClosing({ runs }: ProbeReport, options: ProbeTextOptions): string {
  const page = new Page(options.width, options.isColored);
  const deviating = runs.flatMap(({ minorVersion, results }) =>
    results.filter(({ verdict }) => verdict === "deviates").map((result) => ({ minorVersion, result })),
  );
  for (const { minorVersion, result } of deviating.slice(0, DETAILED_MAX)) {
    page.line("");
    const title = `DEVIATES ${result.probe.id}: ${result.probe.title} (NFSv4.${minorVersion})`;
    page.paragraph(escapeText(title), 0, (line) => page.colors.bold(page.colors.red(line)));
    writeDetails(page, result);
  }
  page.line("");
  if (deviating.length > DETAILED_MAX) {
    page.paragraph(`… and ${plural(deviating.length - DETAILED_MAX, "more deviation")} (all with --format json)`);
    page.line("");
  }
  const results = runs.flatMap((run) => run.results);
  const paint = paintOf(worstOf(results), page.colors);
  page.paragraph(summary(results), 0, (line) => page.colors.bold(paint(line)));
  return page.text;
}

/** `97 probes in 12.3 s: 1 deviates, 90 pass (4 of them in a permitted other way), 2 inconclusive and 4 skipped`. */
function summary(results: readonly ProbeResult[]): string {
  const counts = countVerdicts(results);
  const passed = counts.pass + counts["pass-alternative"];
  const otherWay = counts["pass-alternative"] === 0 ? "" : ` (${counts["pass-alternative"]} in a permitted other way)`;
  const parts = [
    ...(counts.deviates > 0 ? [`${counts.deviates} ${counts.deviates === 1 ? "deviates" : "deviate"}`] : []),
    `${passed} passed${otherWay}`,
    ...(counts.inconclusive > 0 ? [`${counts.inconclusive} inconclusive`] : []),
    ...(counts.skipped > 0 ? [`${counts.skipped} skipped`] : []),
  ];
  return `${plural(results.length, "probe")} in ${duration(totalMillis(results) * 1000)}: ${listed(parts)}`;
}

/** What the whole run looks like: only the harmless is green. */
function worstOf(results: readonly ProbeResult[]): Verdict {
  const { deviates, inconclusive } = countVerdicts(results);
  if (deviates > 0) return "deviates";
  return inconclusive > 0 ? "inconclusive" : "pass";
}

function paintOf(verdict: Verdict, { green, cyan, red, yellow, dim }: Colors): (text: string) => string {
  return { pass: green, "pass-alternative": cyan, deviates: red, inconclusive: yellow, skipped: dim }[verdict];
}
