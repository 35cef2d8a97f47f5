import type { CallbackHeader } from "./callback-header.ts";
import type { FormFault } from "./form-fault.ts";
import type { ObservedConnection } from "./observed-connection.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { ObservedSlot } from "./observed-slot.ts";
import type { OperationList } from "./operation-list.ts";
import type { PendingOperation } from "./pending-operation.ts";
import type { RequestDifference } from "./request-difference.ts";
import type { Sighting } from "./sighting.ts";
import type { Verdict } from "./slot.ts";

/** What the observer says of a sequence id: a judgement, or that nothing was known of the slot. */
export type ObservedVerdict = Verdict | "adopted" | "unjudged";

/** No reply yet, or one without a status of its own. */
export const NO_STATUS = -1;

/** `Reply.rpcError` of a body that cannot be decrypted: the RPC layer itself refused nothing. */
export const UNREADABLE = "UNREADABLE";

/** Whom the call acts for was not captured (RPCSEC_GSS handles do not tell). */
export const PRINCIPAL_UNKNOWN = -2;

/** A slot's history reaches two requests back (`cutHistory`). */
const REQUESTS_REMEMBERED = 3;

/**
 * One transmission of a compound and, once seen, its reply. A request that is sent again is
 * several calls with one `original`. Fields that do not apply keep their initial value.
 */
export class Call implements Sighting {
  readonly connection: ObservedConnection;
  /** As a signed number; `xidText` of the rules prints it. */
  readonly xid: number;
  readonly capture: number;
  readonly frame: number;
  readonly at: number;
  minorVersion = 0;
  operations: OperationList;
  /** RPC message length in bytes, record marks excluded. */
  length = 0;
  /** The snap length or a gap cut it: operations and fingerprint cover what was captured. */
  truncated = false;
  /** AUTH_SYS uid, -1 for AUTH_NONE, PRINCIPAL_UNKNOWN for RPCSEC_GSS. */
  principal = PRINCIPAL_UNKNOWN;
  /** RPCSEC_GSS service: 2 integrity, 3 privacy; 1 without protection, RPCSEC_GSS or not. RFC 2203 §5.2.2 */
  gssService = 1;
  /** Its RPCSEC_GSS sequence number is so far behind its context's newest that it is outside the window; else 0. */
  gssBehind = 0;
  /** Hash of the operations after SEQUENCE and their arguments. RFC 8881 §2.10.6.1.3.1 */
  fingerprint = 0;

  // SEQUENCE or CB_SEQUENCE arguments.
  channel: "fore" | "back" = "fore";
  /** Null on the fore channel. */
  callback: CallbackHeader | null = null;
  session: ObservedSession | null = null;
  slot: ObservedSlot | null = null;
  slotId = -1;
  seq = -1;
  highestSlotId = -1;
  cachethis = false;

  // The model's judgement when it was sent.
  verdict: ObservedVerdict = "unjudged";
  /** seq minus the slot's last one, modulo 2^32. */
  distance = 0;
  /** What the slot's last sequence id was then; -1 when unknown. */
  lastSeqBefore = -1;
  /** Another call on the slot was unanswered then. */
  slotWasBusy = false;
  /** The earlier call that this one repeats (same session, channel, slot and sequence id). */
  original: Call | null = null;
  /** Where it differs from that one; null where it does not or too little is known. */
  difference: RequestDifference | null = null;
  /** The calls that repeat this one. */
  retries: Call[] | null = null;
  /** The request that used the slot before. */
  previous: Call | null = null;
  /** The superseded request of which this is a copy: same sequence id, xid and bytes. */
  copyOf: Call | null = null;

  /** It was recorded in the wrong order with another call of its slot, as several interfaces may do. */
  isOutOfOrder = false;

  /** Session operations among the operations, with their arguments. */
  sessionOperations: readonly PendingOperation[] | null = null;
  /** Differs where tags do; 0 for the usual empty one. */
  tagHash = 0;
  /** Operations from some point on could not be told apart: `operations` ends there. */
  hasUnknownOperation = false;
  /** How many operations it says that it has. */
  operationCount = 0;
  /** What is wrong with its form, as far as the call itself tells. */
  formFault: FormFault | null = null;
  /** Bytes of the shortest reply that holds all that its counts ask for; 0 where nothing is counted. */
  askedBytes = 0;

  // The reply.
  reply: Reply | null = null;
  /** A reply to its xid, slot and sequence id came on another connection, which knows no such call. */
  repliedElsewhere: Sighting | null = null;
  /** Its connection or the capture ended, or its slot went on for long, before a reply came. */
  isAbandoned = false;
  /** Somebody noted something about it and waits for its answer: a clean one is told as `answer-awaited` too. */
  isAwaited = false;

  constructor(
    connection: ObservedConnection,
    xid: number,
    capture: number,
    frame: number,
    at: number,
    operations: OperationList,
  ) {
    this.connection = connection;
    this.xid = xid;
    this.capture = capture;
    this.frame = frame;
    this.at = at;
    this.operations = operations;
  }

  /** The first transmission of this request: itself unless it is a retry. */
  get first(): Call {
    return this.original ?? this;
  }

  /** Every transmission of this request that is kept, in the order in which they were captured. */
  get transmissions(): readonly Call[] {
    const { first } = this;
    return first.retries === null ? [first] : [first, ...first.retries];
  }

  get isOutstanding(): boolean {
    return this.reply === null && !this.isAbandoned;
  }

  /** No newer request was seen on its slot. */
  get isSlotsLatest(): boolean {
    return this.slot === null || this.slot.lastSeq === this.seq;
  }

  /** Its slot served so many newer requests since that no reply to it can come any more. */
  get isSlotFarBeyond(): boolean {
    const { slot, seq, at } = this;
    if (slot === null || slot.cleanAt <= at) return false;
    const ahead = (slot.lastSeq - seq) >>> 0;
    return ahead >= REQUESTS_REMEMBERED && ahead < 0x8000_0000;
  }

  /** Any transmission of the request got SEQUENCE OK: the replier's sequence id has moved to it. */
  get wasAccepted(): boolean {
    const { first } = this;
    return (
      first.reply?.sequenceStatus === 0 || (first.retries?.some((retry) => retry.reply?.sequenceStatus === 0) ?? false)
    );
  }

  /** Any transmission of the request still waits for its reply. */
  get isRunning(): boolean {
    const { first } = this;
    return first.isOutstanding || (first.retries?.some((retry) => retry.isOutstanding) ?? false);
  }
}

/** The reply to one call. */
export class Reply implements Sighting {
  readonly capture: number;
  readonly frame: number;
  readonly at: number;
  /** RPC message length in bytes. */
  length = 0;
  truncated = false;
  /** Null when the RPC layer accepted it; else why it refused: `GARBAGE_ARGS`, `AUTH_ERROR`, … */
  rpcError: string | null = null;
  /** COMPOUND status; NO_STATUS when the RPC layer refused or it could not be read. */
  status = NO_STATUS;
  /** Status of the leading SEQUENCE; NO_STATUS with zero results. */
  sequenceStatus = NO_STATUS;
  results: OperationList;
  /** Status of the last result, NO_STATUS with zero results. */
  lastStatus = NO_STATUS;
  /** Status of the second result; NO_STATUS if there is none. */
  secondStatus = NO_STATUS;
  tagHash = 0;
  /** Hash of the results after SEQUENCE. */
  digest = 0;
  highestSlotId = -1;
  targetHighestSlotId = -1;
  statusFlags = 0;

  constructor(capture: number, frame: number, at: number, results: OperationList) {
    this.capture = capture;
    this.frame = frame;
    this.at = at;
    this.results = results;
  }

  /** What decides over the slot: the status of SEQUENCE, or of the COMPOUND where there are no results. */
  get slotStatus(): number {
    return this.sequenceStatus === NO_STATUS ? this.status : this.sequenceStatus;
  }
}
