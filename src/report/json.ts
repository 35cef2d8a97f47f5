import type { Analysis } from "../analysis/analysis.ts";
import { safeJson } from "../text/safe-json.ts";
import { jsonCapture } from "./json-capture.ts";
import { jsonClient } from "./json-client.ts";
import { jsonFinding } from "./json-finding.ts";
import { jsonSession } from "./json-session.ts";
import { jsonTotals } from "./json-totals.ts";
import { listedSessions } from "./listed-sessions.ts";
import { countSeverities, type Selection, selectFindings } from "./select-findings.ts";
import { TOOL } from "./tool.ts";

/** Names are stable: adding is allowed, renaming is a new version. */
export const SCHEMA = "slotshark/analysis/1";

/**
 * The document of `analyze --format json` in pieces, so that a long one is never in memory as a whole:
 * one line for each capture, client, session and finding.
 */
export function* jsonReport(analysis: Analysis, selection: Selection): Iterable<string> {
  const { timeBase } = analysis;
  const findings = selectFindings(analysis.findings, selection);
  const clients = analysis.servers.flatMap((server) => [...server.clients.values()]);
  yield `{\n"schema": ${safeJson(SCHEMA)},\n"tool": ${safeJson(TOOL)},\n"interrupted": ${analysis.interrupted},\n`;
  yield* list("captures", analysis.captures, (capture) => jsonCapture(capture, timeBase));
  yield `"totals": ${safeJson(jsonTotals(analysis.totals))},\n`;
  yield* list("clients", clients, jsonClient);
  yield* list("sessions", listedSessions(analysis), (session) => jsonSession(session, timeBase));
  yield* list("findings", findings, (finding) => jsonFinding(finding, timeBase));
  yield `"summary": ${safeJson(countSeverities(findings))},\n`;
  yield `"coverage": ${safeJson(jsonCoverage(analysis))},\n`;
  yield `"limits": ${safeJson(jsonLimits(analysis))}\n}\n`;
}

function* list<T>(name: string, items: readonly T[], render: (item: T) => unknown): Iterable<string> {
  yield `"${name}": [`;
  let separator = "\n";
  for (const item of items) {
    yield separator + safeJson(render(item));
    separator = ",\n";
  }
  yield "],\n";
}

/** The document's `coverage`. */
export function jsonCoverage({ coverage }: Analysis) {
  const { records, understood, bytesLost, gaps, truncatedRecords } = coverage;
  return { records, understood, bytesLost, gaps, truncatedRecords };
}

/** The document's `limits`. */
export function jsonLimits({ limits }: Analysis) {
  return limits.map(({ name, bound, dropped }) => ({ name, bound, dropped }));
}
