import type { Analysis } from "../analysis/analysis.ts";
import type { Finding } from "../rules/finding.ts";
import { jsonCoverage, jsonLimits, SCHEMA } from "./json.ts";
import { jsonFinding } from "./json-finding.ts";
import { jsonFrames } from "./json-place.ts";
import { jsonTotals } from "./json-totals.ts";
import { safeJson } from "./safe-json.ts";
import { countSeverities, type Selection, selectFindings } from "./select-findings.ts";
import { TOOL } from "./tool.ts";

/**
 * One JSON object a line: every occurrence of every finding that the analysis kept (the first and at most
 * eight more of each), and a summary at the end. Occurrences of one finding share its `id`.
 */
export function* ndjsonReport(analysis: Analysis, selection: Selection): Iterable<string> {
  const findings = selectFindings(analysis.findings, selection);
  for (const finding of findings) yield* occurrences(finding, analysis);
  const summary = {
    type: "summary",
    schema: SCHEMA,
    tool: TOOL,
    interrupted: analysis.interrupted,
    totals: jsonTotals(analysis.totals),
    summary: countSeverities(findings),
    coverage: jsonCoverage(analysis),
    limits: jsonLimits(analysis),
  };
  yield `${safeJson(summary)}\n`;
}

function* occurrences(finding: Finding, { timeBase }: Analysis): Iterable<string> {
  const { samples: _samples, lastTime: _lastTime, ...common } = jsonFinding(finding, timeBase);
  let occurrence = 0;
  for (const frames of [finding.frames, ...finding.samples]) {
    occurrence++;
    yield `${safeJson({ type: "finding", ...common, occurrence, ...jsonFrames(timeBase, frames) })}\n`;
  }
}
