import type { ObservedClient } from "../session/observed-client.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";
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

/** A rule that fired, all its occurrences folded into one. */
export interface Finding {
  readonly rule: Rule;
  severity: Severity;
  confidence: Confidence;
  downgrades: readonly DowngradeCode[];
  fault: Fault;
  readonly session: ObservedSession | null;
  readonly client: ObservedClient | null;
  readonly connection: ObservedConnection | null;
  readonly channel: "fore" | "back" | null;
  readonly slot: number | null;
  readonly seq: number | null;
  readonly expected: Observation | null;
  readonly actual: Observation | null;
  /** Of the first occurrence, cause first. */
  readonly frames: readonly Sighting[];
  readonly message: string;
  readonly evidence: { slotBefore: SlotState | null; slotAfter: SlotState | null };
  occurrences: number;
  readonly samples: (readonly Sighting[])[];
  lastAt: number | null;
}
