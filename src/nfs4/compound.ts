import { PAYLOAD_SPANS_MAX } from "../xdr/cursor.ts";

/** Operations kept of one compound; no real session grants more, and a hostile count must not cost memory. */
export const COMPOUND_OPS_MAX = 1024;

/** Which of the four bodies was skimmed. */
export type CompoundKind = "call" | "reply" | "callback-call" | "callback-reply";

/**
 * The outline of one COMPOUND or CB_COMPOUND: which operations, where, with what status. One object serves many
 * compounds; what a skim leaves in it is valid until the next. Offsets are physical, that is, indexes into the bytes.
 */
export class Compound {
  kind: CompoundKind = "call";
  /** Where the body starts, and where the last understood byte ends. */
  start = 0;
  end = 0;

  tagOffset = 0;
  tagLength = 0;
  /** Calls only; -1 in a reply, which does not repeat it. */
  minorVersion = -1;
  /** CB_COMPOUND calls only. */
  callbackIdent = 0;
  /** Replies only: the status of the last operation, or of the whole. */
  status = 0;

  /** What the count word says. */
  declaredOps = 0;
  /** Operations found complete: the first `count` entries of the four arrays. */
  count = 0;
  readonly ops = new Int32Array(COMPOUND_OPS_MAX);
  /** The arguments or the result (which begins with its status), behind the operation number. */
  readonly starts = new Int32Array(COMPOUND_OPS_MAX);
  readonly ends = new Int32Array(COMPOUND_OPS_MAX);
  /** Replies only. */
  readonly statuses = new Uint32Array(COMPOUND_OPS_MAX);

  /** The operation that follows the last complete one and is itself incomplete; -1 if none. It starts at `end`. */
  partialOp = -1;
  /** Its status, where that much of the result is there; -1 otherwise. */
  partialStatus = -1;
  /** The first number that is no operation; -1 if none. What follows it cannot be told apart and is left alone. */
  unknownOp = -1;
  /** Operations beyond COMPOUND_OPS_MAX, not looked at. */
  omittedOps = 0;
  /** Bytes of the record behind the compound, those of a hole included. */
  trailingBytes = 0;

  /** Bulk data: physical start, true length, and where the bytes after its padding start. */
  payloadCount = 0;
  readonly payloadAt = new Int32Array(PAYLOAD_SPANS_MAX);
  readonly payloadLength = new Uint32Array(PAYLOAD_SPANS_MAX);
  readonly payloadEnd = new Int32Array(PAYLOAD_SPANS_MAX);

  /** The capture ends before the compound does. Not an error: what came before the cut counts. */
  truncated = false;
  /** Why the skim stopped early, and the logical offset in the record; null if the bytes are what they should be. */
  error: string | null = null;
  errorOffset = 0;

  /** Forgets everything but the buffers. */
  clear(kind: CompoundKind, start: number): void {
    this.kind = kind;
    this.start = start;
    this.end = start;
    this.tagOffset = start;
    this.tagLength = 0;
    this.minorVersion = -1;
    this.callbackIdent = 0;
    this.status = 0;
    this.declaredOps = 0;
    this.count = 0;
    this.partialOp = -1;
    this.partialStatus = -1;
    this.unknownOp = -1;
    this.omittedOps = 0;
    this.trailingBytes = 0;
    this.payloadCount = 0;
    this.truncated = false;
    this.error = null;
    this.errorOffset = 0;
  }

  /** All that was declared is there and understood. */
  get isComplete(): boolean {
    return this.count === this.declaredOps && this.error === null && !this.truncated;
  }
}
