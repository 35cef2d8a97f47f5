import type { Analysis } from "../../src/analysis/analysis.ts";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { ruleFamilies } from "../../src/rules/index.ts";

/** Rules about the capture itself, which do tell how it was taken. */
const ABOUT_CAPTURE = new Set((ruleFamilies.get("capture") ?? []).map(({ id }) => id));
/** Frame numbers, and what is made from them. */
const PLACES = new Set(["frame", "capture", "frames", "frameCaptures", "id", "bytes"]);

/** What a report says of clients, sessions, messages and misuse, but not where in which file it was seen. */
export function conversationOf(analysis: Analysis) {
  const selected = analysis.findings.filter(({ rule }) => !ABOUT_CAPTURE.has(rule.id));
  const json = [...jsonReport({ ...analysis, findings: selected }, EVERYTHING)].join("");
  const document = JSON.parse(json, (key, value) => (PLACES.has(key) ? undefined : value));
  const { totals, sessions, clients, findings, coverage, summary, limits } = document;
  return { totals, sessions, clients, findings, coverage, summary, limits };
}
