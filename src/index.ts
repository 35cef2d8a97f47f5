/** What other programs may use of slotshark; everything else may change without notice. */
export type { Analysis, CaptureSummary, Coverage, Limit, Totals } from "./analysis/analysis.ts";
export type { AnalysisStream, Occurrence } from "./analysis/analysis-stream.ts";
export { type AnalyzeOptions, analyze } from "./analysis/analyze.ts";
export { type OpenedCapture, type OpenOptions, openCapture } from "./capture/detect.ts";
export { jsonReport, SCHEMA } from "./report/json.ts";
export { type NdjsonOptions, NdjsonStream, STREAM_SCHEMA } from "./report/ndjson.ts";
export { EVERYTHING, type Selection, selectFindings } from "./report/select-findings.ts";
export { type TextOptions, textReport } from "./report/text.ts";
export { VERSION } from "./report/tool.ts";
export type { Finding } from "./rules/finding.ts";
export { rules } from "./rules/index.ts";
export type {
  Confidence,
  Downgrades,
  Fault,
  Handlers,
  Observation,
  Report,
  Rule,
  RuleContext,
  Severity,
} from "./rules/rule.ts";
export { type RuleSetting, withSettings } from "./rules/settings.ts";
export type { FactKind, Facts } from "./session/facts.ts";
export type { ByteSource } from "./sys/byte-source.ts";
export { openSource } from "./sys/files.ts";
export { InputError } from "./sys/input-error.ts";
