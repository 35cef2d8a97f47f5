import type { Call } from "../session/call.ts";
import type { FactKind, Facts } from "../session/facts.ts";
import type { ObservedClient } from "../session/observed-client.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import type { Sighting } from "../session/sighting.ts";

/** How bad it is: a MUST broken or data at risk, a SHOULD broken or legal but dangerous, worth showing. */
export type Severity = "error" | "warning" | "note";
/** How sure a finding is; `src/rules/README.md` says what lowers it. */
export type Confidence = "certain" | "likely" | "possible";
/** The party, not the role: on the back channel too. */
export const FAULTS = ["client", "server", "network", "capture", "unknown", "none"] as const;
export type Fault = (typeof FAULTS)[number];

/** Why a finding may be wrong; `src/rules/README.md` says what each costs. */
export const DOWNGRADES = {
  M: "the slot or session was adopted in mid-stream; its first use was not seen",
  G: "bytes are missing from the capture between cause and effect",
  H: "other connections of the session exist outside the capture",
  O: "the order of the two events is not proven",
  R: "one direction is missing from the capture",
  T: "the snap length cut needed bytes",
  P: "the arguments are encrypted",
  U: "whether the replier received the message cannot be known",
  V: "it depends on a value that was not captured",
} as const;
export type DowngradeCode = keyof typeof DOWNGRADES;

/** How many steps of confidence a situation costs this rule; `off` says nothing at all. */
export type Downgrades = Partial<Record<DowngradeCode, 1 | 2 | "off">>;

export type Handlers = { [K in FactKind]?: (fact: Facts[K]) => void };

/** One promise of the protocol (or one thing about a capture) and how to see it broken. */
export interface Rule {
  /** The file's name. Users filter by it: it stays. */
  readonly id: string;
  readonly severity: Severity;
  readonly fault: Fault;
  /** What is, in one line. */
  readonly title: string;
  /** `RFC 8881 2.10.6.1, 18.46.3`; null for rules about the capture. */
  readonly rfc: string | null;
  /** For `slotshark explain`: what it means, why it hurts, what to do, who is known to do it. */
  readonly help: { means: string; hurts: string; todo: string; seenIn?: string };
  /** pynfs tests that check the same promise. */
  readonly pynfs?: readonly string[];
  readonly downgrades: Downgrades;
  /** Whose calls and replies it is told of: those of the fore channel unless said otherwise. */
  readonly channel?: "fore" | "back" | "both";
  /** More general rules that keep silent about the same call when this one fires. */
  readonly supersedes?: readonly string[];
  /**
   * A restart or takeover of a server makes it fire on many slots and sessions for one cause: then it is one finding
   * for all of them, with the count.
   */
  readonly oncePerUpheaval?: boolean;
  /** Numbers that the user may set, by a name that ends in its unit; the value is the default. */
  readonly options?: Readonly<Record<string, number>>;
  /** Operation numbers for which `operation-call` and `operation-result` are told to it, of the channels it watches. */
  readonly operations?: readonly number[];
  /** The same of callbacks, for a rule that watches both channels: then `operations` are those of the fore channel. */
  readonly callbackOperations?: readonly number[];
  /** The rule of the fore channel that it holds against the back channel. */
  readonly derivedFrom?: string;
  /** The file that it comes from, if it is the user's own. */
  readonly source?: string;
  /** Called once for each analysis; state that outlives one fact lives in its closure, in WeakMaps. */
  watch(context: RuleContext): Handlers;
}

/** What a rule says when it fires. */
export interface Report {
  /** The call it is about: gives connection, session, channel, slot and sequence id where they apply. */
  call?: Call;
  session?: ObservedSession | null;
  client?: ObservedClient | null;
  connection?: ObservedConnection | null;
  /** Cause first, effect last; at least one unless the finding is about the whole capture. */
  frames: readonly Sighting[];
  /** One line that can be pasted into a bug report. */
  message: string;
  expected?: Observation;
  actual?: Observation;
  /** Instead of the rule's own, where the same thing may be more or less bad. */
  severity?: Severity;
  fault?: Fault;
  /** Downgrades that only the rule can see; the others are worked out from call, session and frames. */
  because?: readonly DowngradeCode[];
  /** Start of the time in which a capture gap would matter; by default the slot's last clean exchange or first frame. */
  since?: number;
  /** Asked some ten seconds later, before the report counts: what was recorded in the wrong order has come by then. */
  holds?: () => boolean;
}

export interface Observation {
  seq?: number;
  slot?: number;
  /** Status numbers; one or several acceptable ones. */
  status?: readonly number[];
  text?: string;
}

/** What a rule may ask and do. */
export interface RuleContext {
  report(report: Report): void;
  /** The value of one of the rule's `options`. */
  option(name: string): number;
  readonly servers: Iterable<ObservedServer>;
  readonly connections: Iterable<ObservedConnection>;
  /** What is known of the capture itself; complete when `end` comes. */
  readonly capture: CaptureFacts;
  /** Of which channel it is told; of the fore channel when of both. */
  readonly channel: "fore" | "back";
  /** Accusations held back so far, by rule id, because bytes are missing near them. */
  readonly suppressed: ReadonlyMap<string, number>;
  /**
   * The later of the two was sent in knowledge of the earlier, as far as capture times can tell:
   * same connection, or further apart than clocks and travel can explain.
   */
  isOrdered(earlier: Sighting, earlierOn: ObservedConnection, later: Sighting, laterOn: ObservedConnection): boolean;
  /**
   * Decoded arguments of operation `index` of the call whose fact is being delivered, null when they were
   * not captured, are encrypted or do not decode. Values have the XDR's field names.
   */
  argsOf(call: Call, index: number): unknown;
  /** Decoded result of operation `index` of the reply being delivered; null as above. */
  resultOf(call: Call, index: number): unknown;
}

/** Counted by capture and network layers. */
export interface CaptureFacts {
  /** On NFS connections, as are duplicate frames and zero windows. */
  readonly retransmittedSegments: number;
  readonly duplicateFrames: number;
  readonly zeroWindows: number;
  /** On any connection: they belong to none that is known. */
  readonly outOfWindow: number;
  /** RPC messages that the snap length cut, but not so much that nothing at all is known of them. */
  readonly truncatedRecords: number;
  /** Messages in which not even the first operation can be read. */
  readonly sequencesCut: number;
  /** Smallest snap length that would have kept every SEQUENCE readable; null when nothing was cut. */
  readonly snaplenNeeded: number | null;
  readonly unsynced: readonly { connection: ObservedConnection; bytes: number; sighting: Sighting }[];
  /** A reply was captured before its call on other interfaces: the largest such time, nanoseconds. */
  readonly clockSkewNanos: number;
  /**
   * Events so close together may have been recorded in either order, on one connection too: several interfaces.
   * 0 when all frames come from one.
   */
  readonly crossingNanos: number;
  readonly clockSkewSighting: Sighting | null;
  readonly firstRetransmission: Sighting | null;
  readonly firstDuplicate: Sighting | null;
  readonly firstZeroWindow: Sighting | null;
  readonly firstOutOfWindow: Sighting | null;
  readonly firstTruncated: Sighting | null;
}
