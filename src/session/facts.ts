import type { Call, Reply } from "./call.ts";
import type { ChannelAttributes } from "./channel-attributes.ts";
import type { CandidateVerdict } from "./create-session-slot.ts";
import type { FlagHistory } from "./flag-history.ts";
import type { FormFault } from "./form-fault.ts";
import type { ObservedClient } from "./observed-client.ts";
import type { Gap, ObservedConnection } from "./observed-connection.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { ObservedSlotTable } from "./observed-slot-table.ts";
import type { Sighting } from "./sighting.ts";

/** An operation that works without SEQUENCE or on sessions themselves, with its decoded arguments and result. */
export interface SessionOperation<Args, Result> {
  readonly call: Call;
  readonly args: Args;
  /** Null when the reply was not seen. */
  readonly reply: Reply | null;
  /** Status of this operation, NO_STATUS when it has no result. */
  readonly status: number;
  /** The OK arm, null otherwise. */
  readonly result: Result | null;
}

/** What the model tells of one step; each kind's value goes to the rules that ask for that kind. */
export interface Facts {
  // Calls led by SEQUENCE or CB_SEQUENCE, by verdict. `call.slot` is set except where said.
  /** The next sequence id on an idle slot: healthy traffic. Hot. */
  "call-new": Call;
  // What follows is told behind `call-new`, where it is not all as it nearly always is: rules can do without that one.
  /** On a session with `isTroubled`. */
  "call-new-troubled": Call;
  /** The sequence id wrapped: from 0xffffffff to 0. */
  "sequence-wrapped": Call;
  /** sa_cachethis is clear, though an operation may have to run once only, or set in what reads (much). */
  "cachethis-unusual": Call;
  /** For longer than the lease no SEQUENCE of its session succeeded, or none at all of one that was not seen to be made. */
  "call-past-lease": Call;
  /** As many calls are outstanding as the replier allows slots. */
  "table-full": Call;
  /** A lower slot must be free, but see `ObservedSlotTable.spareLook`. */
  "slot-skipped": Call;
  /** The next sequence id while the one before is unanswered, or its connection was lost: see call.previous. */
  "call-early": Call;
  /** The slot's own sequence id again: see call.original. */
  "call-retry": Call;
  /** Neither: `call.verdict` says ahead, behind or zero-first. */
  "call-misordered": Call;
  /** First call on a slot of which nothing was known. */
  "call-adopted": Call;
  /** A slot id above all that the replier ever allowed; `call.slot` may be null. Comes before the verdict's own kind. */
  "call-beyond-table": Call;
  // What a call says of slot ids. After the fact about its verdict; `call.slot` may be null.
  /** Its slot, or sa_highest_slotid, lies above what the latest replies or CB_RECALL_SLOT ask for. */
  "call-above-limit": Call;
  /** sa_highest_slotid lies below its own slot, or below another one that waits for a reply. */
  "highest-slot-understated": Call;
  /** sa_highest_slotid lies far above all slots that were ever used, or above them at the end of the table. */
  "highest-slot-overstated": Call;
  /** A slot that was taken away and granted again is used for the first time since; where it stood before. */
  "slot-regranted": { call: Call; lastSeq: number };

  /** SEQUENCE, BIND_CONN_TO_SESSION or DESTROY_SESSION answered BADSESSION, session never seen. `call.slot` is null. */
  "unknown-session": { call: Call; sessionId: string };
  /** SEQUENCE on a session that had ended or was disowned before. */
  "call-dead-session": { call: Call; session: ObservedSession };

  /** A CB_COMPOUND, with or without CB_SEQUENCE: comes behind the fact about its sequence id. */
  "callback-call": Call;

  // Replies to them; `call.reply` is set.
  /** OK to a new request: healthy traffic. Hot. */
  "answer-clean": Call;
  // What follows is told behind `answer-clean`, in this order, as with `call-new`.
  /** On a slot table that rules watch: see `ObservedSlotTable.watchers`. */
  "answer-watched": Call;
  /** To a call that a rule made `isAwaited`. */
  "answer-awaited": Call;
  /** It took longer than SLOW_ANSWER_NANOS. */
  "answer-slow": Call;
  /** SEQUENCE succeeded, an operation after it did not. */
  "answer-failed": Call;
  /** Any other reply: errors, replies to retries, to early and misordered calls. */
  answer: Call;
  /** No reply came before the connection or the capture ended. */
  unanswered: Call;
  /** The SEQUENCE result names another session, slot or sequence id. */
  "reply-mismatch": { call: Call; field: "session" | "seq" | "slot"; sent: string; got: string };
  // What an OK reply says of slot ids, before the table learns from it and before the fact about the reply as a whole.
  /** sr_highest_slotid of a reply to a new request lies below what the request had in use. */
  "limit-below-call": Call;
  /** sr_target_highest_slotid lies above sr_highest_slotid. */
  "target-above-limit": Call;
  /** CB_RECALL_SLOT was sent: `table.recall` of the fore channel. */
  "slot-recall": { call: Call; table: ObservedSlotTable };
  /**
   * A reply handed out a delegation or layout: the part of its stateid that tells it from others, in hexadecimal.
   * `isNew`: it did not only add to it, as LAYOUTGET does.
   */
  "state-granted": { call: Call; kind: "delegation" | "layout"; stateid: string; isNew: boolean };
  /** Instead of a delegation the server promised to say when there is one. */
  "delegation-promised": { call: Call };
  /** Results are no prefix of the operations, or statuses contradict each other. */
  "reply-shape": { call: Call; problem: ReplyProblem };
  /** An operation failed with a status that its valid-error list does not have. */
  "status-not-listed": { call: Call; operation: number; status: number };
  /** A reply whose xid belongs to no call on its connection. */
  "reply-orphan": { connection: ObservedConnection; xid: number; reply: Sighting; sinceOpenNanos: number };
  /** A second reply to the same transmission. */
  "reply-duplicate": { call: Call; reply: Sighting };
  /** An unanswered call was displaced by another with its xid on the same connection. */
  "xid-reused": { call: Call; earlier: Call };
  /** A reply for a call that was sent on a connection that had ended. */
  "reply-elsewhere": { call: Call; connection: ObservedConnection; reply: Sighting };

  /** sr_status_flags are set or were set until now; replies that may be out of date do not count. After the reply's own fact. */
  "status-flags": FlagsSeen;

  /** SEQUENCE, or CB_SEQUENCE of a callback, stands at `index` >= 1. The reply is not known yet. */
  "sequence-misplaced": { call: Call; index: number };

  // What is odd about a compound, with SEQUENCE or without: told once it was answered or will not be, after the above.
  /** Its operations, its encoding or its minor version. */
  "compound-form": { call: Call; fault: FormFault };
  /** It or its reply is beyond the granted attributes of its channel, or was refused as if it were. */
  "channel-limits": { call: Call; granted: ChannelAttributes };
  /** A COMPOUND or CB_COMPOUND of minor version 1 or above in a UDP datagram. */
  "compound-over-udp": DatagramCompound;

  // Session operations, when their reply was seen (or is known to be missing).
  "exchange-id": SessionOperation<ExchangeIdArgs, ExchangeIdResult> & ExchangeIdOutcome;
  "create-session-call": { call: Call; args: CreateSessionArgs; client: ObservedClient | null };
  "create-session": SessionOperation<CreateSessionArgs, CreateSessionResult> & CreateSessionOutcome;
  "bind-conn-to-session": SessionOperation<BindArgs, { direction: number }> & BindOutcome;
  "destroy-session-call": { call: Call; sessionId: string; session: ObservedSession | null };
  "destroy-session": SessionOperation<{ sessionId: string }, true> & { session: ObservedSession | null };
  "destroy-clientid": SessionOperation<{ clientId: string }, true> & { client: ObservedClient | null };

  /** RECLAIM_COMPLETE that was answered; global unless `oneFs`. */
  "reclaim-complete": SessionOperation<{ oneFs: boolean }, true> & {
    client: ObservedClient | null;
    /** The last global one of the client ID that succeeded before. */
    earlier: Call | null;
  };

  /** An operation that a rule asked for in its `operations`, after the fact about its call as a whole. */
  "operation-call": OperationSeen;
  /** The same once it was answered by a result of its own; comes after the fact about the reply as a whole. */
  "operation-result": OperationSeen & { status: number };

  "connection-bound": ConnectionBound;
  "rpc-refused": RpcRefusal;

  "session-opened": ObservedSession;
  "session-ended": ObservedSession;
  /** It is no longer looked for: there are too many, or its server gave its id to another one. */
  "session-forgotten": ObservedSession;
  "connection-opened": ObservedConnection;
  "connection-closed": ObservedConnection;
  "capture-gap": { connection: ObservedConnection; gap: Gap };
  /** About once a second of capture time while anything happens. */
  tick: number;
  /** The capture is over; the value is its last time. */
  end: number;
}

/** One operation of a compound; `argsOf` and `resultOf` decode it. */
export interface OperationSeen {
  readonly call: Call;
  readonly index: number;
  /** Operation number. */
  readonly operation: number;
}

/** What a reply said in sr_status_flags. RFC 8881 §18.46.3 */
export interface FlagsSeen {
  readonly call: Call;
  readonly session: ObservedSession;
  readonly history: FlagHistory;
  /** Of the reply before that counted. */
  readonly before: number;
  readonly flags: number;
}

export interface DatagramCompound {
  /** Endpoint texts of who sent it and to whom. */
  readonly from: string;
  readonly to: string;
  readonly isCallback: boolean;
  readonly minorVersion: number;
  readonly seen: Sighting;
}

export type ReplyProblem =
  | "operations-differ"
  | "status-contradicts"
  | "results-after-error"
  | "zero-results-status"
  | "tag-changed";

export interface ExchangeIdArgs {
  ownerHex: string;
  verifier: string;
  flags: number;
  /** spa_how. */
  stateProtect: number;
}

export interface ExchangeIdResult {
  clientId: string;
  sequenceId: number;
  flags: number;
  /** so_major_id, so_minor_id, scope in hexadecimal. */
  serverOwner: string;
  /** spr_how. */
  stateProtect: number;
  /** Operation numbers of spo_must_enforce; empty without state protection. RFC 8881 §18.35.3 */
  mustEnforce: ReadonlySet<number>;
}

export interface ExchangeIdOutcome {
  client: ObservedClient | null;
  /** What was known of the client ID before; null when it is new, or no result came. */
  before: ClientRecord | null;
}

/** A client ID as it was at some time. RFC 8881 §18.35.4 */
export interface ClientRecord {
  readonly client: ObservedClient;
  readonly ownerHex: string | null;
  readonly verifier: string | null;
  readonly confirmed: boolean;
  /** As `Call.principal`. */
  readonly principal: number;
}

export interface CreateSessionArgs {
  clientId: string;
  sequence: number;
  flags: number;
  fore: ChannelAttributes;
  back: ChannelAttributes;
  callbackProgram: number;
}

export interface CreateSessionResult {
  sessionId: string;
  sequence: number;
  flags: number;
  fore: ChannelAttributes;
  back: ChannelAttributes;
}

export interface CreateSessionOutcome {
  client: ObservedClient | null;
  session: ObservedSession | null;
  /** How csa_sequence stood to the client ID's CREATE_SESSION slot when the call came. RFC 8881 §18.36.4 */
  standing: CandidateVerdict;
  /** What a replay should repeat; null when unknown. */
  earlier: SessionOperation<CreateSessionArgs, CreateSessionResult> | null;
  /** The session id was given out before by this server. */
  idInUseBy: ObservedSession | null;
}

export interface BindOutcome {
  session: ObservedSession | null;
  /** CHANNELS that the connection was seen to have before; null when that changed while the answer was due. */
  bound: number | null;
}

/** RFC 8881 §2.10.3.1 */
export interface ConnectionBound {
  /** Whose reply shows the binding. Not named `call`: a binding is news for both channels. */
  readonly by: Call;
  readonly session: ObservedSession;
  readonly connection: ObservedConnection;
  readonly bound: "fore" | "back";
  /**
   * Negotiated, or shown by the first success of a request on it (`use`). `replay`: CREATE_SESSION was sent again on
   * another connection and answered as before; whether that binds it too the RFC does not say.
   */
  readonly how: "create-session" | "bind" | "use" | "replay";
}

/** The RPC layer refused a call of NFSv4: the compound was not run, or not understood. RFC 5531 §9 */
export interface RpcRefusal {
  readonly connection: ObservedConnection;
  /** Null for other calls than readable compounds of NFSv4.1: NULL, making of GSS contexts, encrypted ones. */
  readonly call: Call | null;
  /** The call's frame, where it is known. */
  readonly called: Sighting | null;
  readonly reply: Sighting;
  /** `GARBAGE_ARGS`, `AUTH_TOOWEAK`, … */
  readonly error: string;
  /** The credential or verifier was refused. */
  readonly isAuthError: boolean;
}

export interface BindArgs {
  sessionId: string;
  direction: number;
}

export type FactKind = keyof Facts;

/** Gets the facts one by one, in the order of the capture. */
export type FactSink = <K extends FactKind>(kind: K, fact: Facts[K]) => void;
