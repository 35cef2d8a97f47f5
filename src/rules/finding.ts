import type { ObservedClient } from "../session/observed-client.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import type { RequestDifference } from "../session/request-difference.ts";
import type { Sighting } from "../session/sighting.ts";
import type { Confidence, DowngradeCode, Fault, Observation, Rule, Severity } from "./rule.ts";

/** Further occurrences kept of a folded finding. */
export const SAMPLES_MAX = 8;

/** A slot's state for the evidence. */
export interface SlotState {
  /** Null when unknown. */
  lastSeq: number | null;
  state: "unknown" | "idle" | "outstanding";
}

/** What a finding rests on beside its frames. */
export interface Evidence {
  slotBefore: SlotState | null;
  slotAfter: SlotState | null;
  /** Operation names of the request that had the sequence id first and of the one that took it again, where they are not the same. */
  operations?: { before: readonly string[]; after: readonly string[] };
  firstDifference?: RequestDifference;
}

/** A rule that fired, all its occurrences folded into one. */
export interface Finding {
  readonly rule: Rule;
  severity: Severity;
  confidence: Confidence;
  downgrades: readonly DowngradeCode[];
  fault: Fault;
  /** These five are null, too, where occurrences of one upheaval differ in them. */
  session: ObservedSession | null;
  client: ObservedClient | null;
  connection: ObservedConnection | null;
  slot: number | null;
  seq: number | null;
  readonly channel: "fore" | "back" | null;
  readonly expected: Observation | null;
  readonly actual: Observation | null;
  /** Of the first occurrence, cause first. */
  readonly frames: readonly Sighting[];
  message: string;
  readonly evidence: Evidence;
  occurrences: number;
  readonly samples: (readonly Sighting[])[];
  lastAt: number | null;
}
