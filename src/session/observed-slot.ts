import type { Call } from "./call.ts";
import { Histogram } from "./histogram.ts";
import type { ObservedSlotTable } from "./observed-slot-table.ts";

/**
 * How the slot's sequence id became known: `none` not yet; `created` the session's beginning was seen, so it
 * starts at 0; `adopted` from traffic of a session that was already running.
 */
export type Anchor = "none" | "created" | "adopted";

/** Clean exchanges in a row after which an adopted slot counts as known. */
export const CLEAN_RUN_TRUSTED = 3;

/** One slot as an outsider sees it. */
export class ObservedSlot {
  readonly table: ObservedSlotTable;
  readonly id: number;
  anchor: Anchor;
  /** The last sequence id taken by the replier, the one in flight included; meaningless while `anchor` is none. */
  lastSeq = 0;
  firstSeq = -1;
  /** The request that `lastSeq` belongs to, first transmission. */
  current: Call | null = null;
  /** The latest transmission of any request, until it is answered or cannot be any more. */
  waiting: Call | null = null;
  /** When a new request and its OK reply were last seen in order; the slot's state was proven then. */
  cleanAt: number;
  /** Clean exchanges in a row since the slot was adopted. */
  cleanRun = 0;
  /** SEQ_MISORDERED replies in a row, and when the first of them came. */
  misorderedRun = 0;
  misorderedSince = 0;
  misorderedFirst: Call | null = null;
  /** The requester is finding out the sequence id after interrupted requests: the first of them. */
  recoveringFrom: Call | null = null;
  /** The latest call that its SEQUENCE refused, until one is accepted. */
  refused: Call | null = null;
  /** The last answer had no SEQUENCE result: the slot may have moved or not. RFC 8881 §16.2.4 */
  mayBeUnmoved = false;
  /** The last call whose sequence id jumped ahead. */
  ahead: Call | null = null;
  /** The replier took the slot away: what follows may start anew. RFC 8881 §2.10.6.1 */
  wasRetired = false;
  /** Where the observer keeps the arguments of its last request; -1 nowhere. */
  keptAt = -1;
  calls = 0;
  replies = 0;
  retries = 0;
  readonly latencyMicros = new Histogram();

  constructor(table: ObservedSlotTable, id: number, anchor: Anchor, at: number) {
    this.table = table;
    this.id = id;
    this.anchor = anchor;
    this.cleanAt = at;
  }

  /** Where the slot stands is known: from its beginning, or from a run of clean exchanges. */
  get isTrusted(): boolean {
    return this.anchor === "created" || this.cleanRun >= CLEAN_RUN_TRUSTED;
  }

  /** A request on this slot has no reply yet and still may get one. A reply to any of its transmissions will do. */
  get isBusy(): boolean {
    const { current } = this;
    return current?.isRunning === true && !current.wasAccepted;
  }
}
