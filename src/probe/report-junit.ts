import { escapeText } from "../text/escape.ts";
import { Page } from "../text/page.ts";
import { countVerdicts, familyOf, type ProbeReport, type ProbeRun, totalMillis } from "./probe-report.ts";
import type { ProbeResult } from "./result.ts";
import { VERDICT_WORDS, writeDetails } from "./result-details.ts";

/** Columns of the text inside a failure. */
const DETAIL_COLUMNS = 120;
const NO_FAMILY = "others";

/** The document of `probe --format junit` in pieces: a suite for each family and minor version, a case for each probe. */
export function* probeJunit(report: ProbeReport): Iterable<string> {
  const all = report.runs.flatMap((run) => run.results);
  yield '<?xml version="1.0" encoding="UTF-8"?>\n';
  yield `<testsuites${attributes({ name: `${report.tool} probe ${report.server}`, ...numbers(all) })}>\n`;
  for (const run of report.runs) {
    for (const [family, results] of byFamily(run, report)) {
      const name = `NFSv4.${run.minorVersion} ${family}`;
      yield `  <testsuite${attributes({ name, ...numbers(results) })}>\n`;
      for (const result of results) yield testCase(result, `nfs4_${run.minorVersion}.${family}`);
      yield "  </testsuite>\n";
    }
  }
  yield "</testsuites>\n";
}

function byFamily(run: ProbeRun, report: ProbeReport): Map<string, ProbeResult[]> {
  const families = new Map<string, ProbeResult[]>();
  for (const result of run.results) {
    const family = familyOf(result.probe, report) ?? NO_FAMILY;
    const members = families.get(family);
    if (members === undefined) families.set(family, [result]);
    else members.push(result);
  }
  return families;
}

function numbers(results: readonly ProbeResult[]) {
  const { deviates, inconclusive, skipped } = countVerdicts(results);
  return {
    tests: results.length,
    failures: deviates,
    errors: 0,
    skipped: inconclusive + skipped,
    time: seconds(totalMillis(results)),
  };
}

function testCase(result: ProbeResult, classname: string): string {
  const head = `    <testcase${attributes({ classname, name: result.probe.id, time: seconds(result.elapsedMillis) })}`;
  const inside = outcome(result);
  return inside === "" ? `${head}/>\n` : `${head}>\n${inside}    </testcase>\n`;
}

/** What deviates is a failure; what was not decided or not run counts as skipped: nothing is known to be wrong. */
function outcome(result: ProbeResult): string {
  const { probe, verdict, reason } = result;
  switch (verdict) {
    case "pass":
      return "";
    case "pass-alternative":
      return `      <system-out>${xml(escapeText(`${VERDICT_WORDS[verdict]}: ${reason}`))}</system-out>\n`;
    case "deviates": {
      const page = new Page(DETAIL_COLUMNS, false);
      writeDetails(page, result);
      const message = `${probe.title}: ${reason}`;
      return `      <failure${attributes({ message, type: verdict })}>\n${xml(page.text)}      </failure>\n`;
    }
    case "inconclusive":
    case "skipped":
      return `      <skipped${attributes({ message: `${VERDICT_WORDS[verdict]}: ${reason}` })}/>\n`;
  }
}

function seconds(millis: number): string {
  return (millis / 1000).toFixed(6);
}

function attributes(values: Readonly<Record<string, string | number>>): string {
  const texts = Object.entries(values).map(([name, value]) => ` ${name}="${xml(escapeText(String(value)))}"`);
  return texts.join("");
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&apos;",
};

/** Escaped text as it may stand in XML, where two more characters are not allowed at all. XML 1.0 §2.2 */
function xml(text: string): string {
  return text.replace(/[\ufffe\uffff]/g, "\ufffd").replace(/[&<>"']/g, (character) => ENTITIES[character] as string);
}
