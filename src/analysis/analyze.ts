import type { OpenedCapture } from "../capture/detect.ts";
import type { Frame, InterfaceDrops } from "../capture/frame.ts";
import { mergeFrames } from "../capture/merge.ts";
import type { Rule } from "../rules/rule.ts";
import type { Analysis, CaptureSummary, Coverage, Totals } from "./analysis.ts";
import type { AnalysisStream } from "./analysis-stream.ts";
import { Analyzer } from "./analyzer.ts";

/** How to run an analysis; all may be left out. */
export interface AnalyzeOptions {
  /** Bytes of all inputs read so far, and their sum if known; called once a batch. */
  onProgress?: (bytesRead: number, bytesTotal: number | null) => void;
  /** Set to end early with what was seen so far. */
  signal?: { readonly aborted: boolean };
  /** Instead of the whole catalogue. */
  rules?: readonly Rule[];
  /** Told of what is found while it is found. */
  stream?: AnalysisStream;
}

/** Reads the captures as one sequence in time and says what they show. Closes nothing. */
export async function analyze(captures: readonly OpenedCapture[], options: AnalyzeOptions = {}): Promise<Analysis> {
  const analyzer = new Analyzer(options.rules);
  const summaries = captures.map((capture) => new Summary(capture));
  const summariesSoFar = () => summaries.map((summary) => summary.soFar());
  const { stream } = options;
  if (stream !== undefined) {
    stream.begin(summariesSoFar(), analyzer.timeBase);
    analyzer.tellAlong(stream);
  }
  const isComplete = await mergeFrames(
    captures,
    (frame) => {
      analyzer.push(frame);
      summaries[frame.capture]!.count(frame, analyzer.at);
    },
    { ...options, onBatch: stream === undefined ? undefined : () => stream.flush() },
  );
  analyzer.finish();
  return {
    timeBase: analyzer.timeBase,
    captures: summariesSoFar(),
    totals: totalsOf(analyzer),
    servers: [...analyzer.observation.servers],
    findings: analyzer.engine.findings.all,
    coverage: coverageOf(analyzer),
    limits: analyzer.limits().filter(({ dropped }) => dropped > 0),
    interrupted: !isComplete,
  };
}

/** Counts the frames of one capture. */
class Summary {
  readonly #capture: OpenedCapture;
  #frames = 0;
  #truncatedFrames = 0;
  // NaN, not null: a number that changes with each frame is then stored in place.
  #firstAt = Number.NaN;
  #lastAt = Number.NaN;

  constructor(capture: OpenedCapture) {
    this.#capture = capture;
  }

  count(frame: Frame, at: number): void {
    this.#frames++;
    if (frame.length < frame.originalLength) this.#truncatedFrames++;
    if (Number.isNaN(frame.seconds)) return;
    this.#lastAt = at;
    if (Number.isNaN(this.#firstAt)) this.#firstAt = at;
  }

  soFar(): CaptureSummary {
    const { reader, name, compression } = this.#capture;
    return {
      path: name,
      format: reader.format,
      compression,
      linkTypes: [...reader.linkTypes],
      frames: this.#frames,
      bytes: reader.bytesRead,
      firstAt: timeOrNull(this.#firstAt),
      lastAt: timeOrNull(this.#lastAt),
      truncatedFrames: this.#truncatedFrames,
      damage: [...reader.damage],
      damageOmitted: reader.damageOmitted,
      droppedFrames: droppedFrames(reader.interfaceDrops),
    };
  }
}

function droppedFrames(drops: readonly InterfaceDrops[]): number | null {
  if (drops.every(({ dropped, osDropped }) => dropped === null && osDropped === null)) return null;
  return drops.reduce((sum, { dropped, osDropped }) => sum + (dropped ?? 0) + (osDropped ?? 0), 0);
}

function timeOrNull(at: number): number | null {
  return Number.isNaN(at) ? null : at;
}

function totalsOf({ tally, network, evidence }: Analyzer): Totals {
  return {
    frames: network.counters.frames,
    tcpConnections: tally.tcpConnections,
    rpcCalls: tally.rpcCalls,
    rpcReplies: tally.rpcReplies,
    unansweredCalls: tally.unansweredCalls,
    compounds: tally.compounds,
    callbackCalls: tally.callbackCalls,
    callbackReplies: tally.callbackReplies,
    sequenceCalls: tally.sequenceCalls,
    sequenceReplies: tally.sequenceReplies,
    otherRpc: tally.otherRpc,
    captureGaps: evidence.gaps,
  };
}

function coverageOf({ tally, evidence }: Analyzer): Coverage {
  const records = evidence.records + tally.datagrams;
  return {
    records,
    understood: Math.max(0, records - tally.notUnderstood),
    bytesLost: evidence.bytesLost,
    gaps: evidence.gaps,
    truncatedRecords: evidence.truncatedRecords,
  };
}
