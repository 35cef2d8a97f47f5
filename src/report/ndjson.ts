import type { Analysis, CaptureSummary } from "../analysis/analysis.ts";
import type { AnalysisStream, Occurrence } from "../analysis/analysis-stream.ts";
import { TimeBase } from "../analysis/time-base.ts";
import type { Finding } from "../rules/finding.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { ExchangeLines } from "./exchange-lines.ts";
import { findingId } from "./finding-id.ts";
import { jsonCoverage, jsonLimits } from "./json.ts";
import { jsonCapture } from "./json-capture.ts";
import { jsonEvidence, jsonOccurrence } from "./json-finding.ts";
import { jsonSession } from "./json-session.ts";
import { jsonTotals } from "./json-totals.ts";
import { type ByteWriter, LineChunks } from "./line-chunks.ts";
import { listedSessions } from "./listed-sessions.ts";
import { countSeverities, isSelected, type Selection, selectFindings } from "./select-findings.ts";
import { StreamedSessions } from "./streamed-sessions.ts";
import { TOOL } from "./tool.ts";

/** Types of lines may be added, and members; renaming or removing one is a new version. */
export const STREAM_SCHEMA = "slotshark/stream/1";

/** What `NdjsonStream` writes. */
export interface NdjsonOptions {
  selection: Selection;
  /** A line for every exchange, too. */
  records: boolean;
}

/**
 * `analyze --format ndjson`: one JSON object a line, written while the analysis runs. To be given to `analyze()`
 * as its `stream`; `end()` closes it. Keeps nothing but what tells occurrences of one finding apart from others.
 */
export class NdjsonStream implements AnalysisStream {
  exchanges: ExchangeLines | null = null;
  readonly #chunks: LineChunks;
  readonly #options: NdjsonOptions;
  readonly #sessions = new StreamedSessions((session) => this.#session(session));
  /** As they were named first: what occurrences have in common grows less with each. */
  readonly #ids = new WeakMap<Finding, string>();
  #base = new TimeBase();

  /** `write` takes some hundred lines at once. */
  constructor(write: ByteWriter, options: NdjsonOptions) {
    this.#chunks = new LineChunks(write);
    this.#options = options;
  }

  get handlers() {
    return this.#sessions.handlers;
  }

  begin(captures: readonly CaptureSummary[], base: TimeBase): void {
    this.#base = base;
    if (this.#options.records) this.exchanges = new ExchangeLines(this.#chunks, base);
    this.#captures(captures, false);
  }

  occurrence({ alone, folded }: Occurrence): void {
    if (!isSelected(alone, this.#options.selection)) return;
    this.#chunks.line({
      type: "finding",
      ...jsonOccurrence(alone, this.#idOf(folded ?? alone), this.#base),
      occurrence: folded?.occurrences ?? null,
      evidence: jsonEvidence(alone),
    });
  }

  flush(): Promise<void> {
    return this.#chunks.flush();
  }

  /** The lines that need the whole: open sessions, the captures as they turned out to be, the summary. */
  async end(analysis: Analysis): Promise<void> {
    const chunks = this.#chunks;
    for (const session of this.#sessions.untold(listedSessions(analysis))) {
      this.#session(session);
      if (chunks.isWriting) await chunks.flush();
    }
    this.#captures(analysis.captures, true);
    chunks.line({
      type: "summary",
      schema: STREAM_SCHEMA,
      tool: TOOL,
      interrupted: analysis.interrupted,
      totals: jsonTotals(analysis.totals),
      summary: countSeverities(selectFindings(analysis.findings, this.#options.selection)),
      coverage: jsonCoverage(analysis),
      limits: jsonLimits(analysis),
    });
    await chunks.flush();
  }

  /** Twice: what `capture` in other lines refers to is known from the beginning, what was in it only at the end. */
  #captures(captures: readonly CaptureSummary[], isFinal: boolean): void {
    for (const [index, capture] of captures.entries()) {
      const head = index === 0 && !isFinal ? { schema: STREAM_SCHEMA, tool: TOOL } : {};
      this.#chunks.line({ type: "capture", ...head, index, final: isFinal, ...jsonCapture(capture, this.#base) });
    }
  }

  #session(session: ObservedSession): void {
    this.#chunks.line({ type: "session", ...jsonSession(session, this.#base) });
  }

  #idOf(finding: Finding): string {
    let id = this.#ids.get(finding);
    if (id === undefined) {
      id = findingId(finding);
      this.#ids.set(finding, id);
    }
    return id;
  }
}
