import type { Probe, Verdict } from "./probe.ts";

/** What happened in a probe, in order. */
export type Step = ExchangeStep | CheckStep | NoteStep;

/** A request and its answer, decoded. */
export interface ExchangeStep {
  readonly kind: "exchange";
  /** `c1`; of another client than the probe's first `client 2 c1`. */
  readonly connection: string;
  /** Milliseconds since the probe began. */
  readonly atMillis: number;
  readonly sent: string;
  /** Null while there is none. */
  answered: string | null;
  answeredAtMillis: number | null;
}

/** What was required of the server, and what it did. */
export interface CheckStep {
  readonly kind: "check";
  readonly atMillis: number;
  readonly verdict: Verdict;
  readonly required: string;
  readonly observed: string;
}

/** Something else that happened: a callback, a connection opened or closed. */
export interface NoteStep {
  readonly kind: "note";
  readonly atMillis: number;
  readonly text: string;
}

/** How one probe went. */
export interface ProbeResult {
  readonly probe: Probe;
  readonly verdict: Verdict;
  /** What decided it; empty for a plain pass. */
  readonly reason: string;
  readonly steps: readonly Step[];
  readonly elapsedMillis: number;
}

/** From best to worst. What was not decided is worse than a permitted answer, and better than a forbidden one. */
const ORDER: readonly Verdict[] = ["skipped", "pass", "pass-alternative", "inconclusive", "deviates"];

/** The worse of two. */
export function worse(left: Verdict, right: Verdict): Verdict {
  return ORDER.indexOf(left) >= ORDER.indexOf(right) ? left : right;
}
