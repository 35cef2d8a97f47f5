import { safeJson } from "../text/safe-json.ts";
import { countVerdicts, familyOf, type ProbeReport, type ProbeRun, totalMillis } from "./probe-report.ts";
import type { ProbeResult, Step } from "./result.ts";

/** Names are stable: adding is allowed, renaming is a new version. */
export const PROBE_SCHEMA = "slotshark/probe/1";

/** The document of `probe --format json` in pieces, one line a result. */
export function* probeJson(report: ProbeReport): Iterable<string> {
  const results = report.runs.flatMap((run) => run.results);
  yield `{\n"schema": ${safeJson(PROBE_SCHEMA)},\n"tool": ${safeJson(report.tool)},\n`;
  yield `"server": ${safeJson(report.server)},\n"results": [`;
  let separator = "\n";
  for (const run of report.runs) {
    for (const result of run.results) {
      yield separator + safeJson(jsonResult(result, run, report));
      separator = ",\n";
    }
  }
  yield `],\n"summary": ${safeJson(jsonSummary(results))}\n}\n`;
}

function jsonSummary(results: readonly ProbeResult[]) {
  const { pass, "pass-alternative": passAlternative, deviates, inconclusive, skipped } = countVerdicts(results);
  return { pass, passAlternative, deviates, inconclusive, skipped, elapsedMillis: rounded(totalMillis(results)) };
}

function jsonResult({ probe, verdict, reason, steps, elapsedMillis }: ProbeResult, run: ProbeRun, report: ProbeReport) {
  return {
    probe: probe.id,
    family: familyOf(probe, report),
    minorVersion: run.minorVersion,
    verdict,
    reason: reason === "" ? null : reason,
    title: probe.title,
    requires: probe.requires,
    permits: probe.permits ?? null,
    rfc: probe.rfc,
    pynfs: probe.pynfs ?? [],
    knownDeviations: probe.knownDeviations ?? null,
    elapsedMillis: rounded(elapsedMillis),
    steps: steps.map(jsonStep),
  };
}

function jsonStep(step: Step) {
  const atMillis = rounded(step.atMillis);
  switch (step.kind) {
    case "exchange": {
      const { kind, connection, sent, answered, answeredAtMillis } = step;
      return {
        kind,
        atMillis,
        connection,
        sent,
        answered,
        answeredAtMillis: answeredAtMillis && rounded(answeredAtMillis),
      };
    }
    case "check":
      return { kind: step.kind, atMillis, verdict: step.verdict, required: step.required, observed: step.observed };
    case "note":
      return { kind: step.kind, atMillis, text: step.text };
  }
}

/** To a microsecond: what is beyond says nothing. */
function rounded(millis: number): number {
  return Math.round(millis * 1000) / 1000;
}
