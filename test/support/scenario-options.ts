import type { Confidence, Fault, Observation, Severity } from "../../src/rules/rule.ts";
import type { Connection, Session } from "./scenario.ts";

export interface Attributes {
  maxRequests?: number;
  maxOperations?: number;
  maxRequestSize?: number;
  maxResponseSize?: number;
  maxResponseSizeCached?: number;
  headerPadSize?: number;
}

export interface CallOptions {
  /** AUTH_SYS uid; 0 if absent. */
  uid?: number;
  tag?: string;
  xid?: number;
  minor?: number;
  /** Bytes left out at the end of the message: no capture cut them off, the sender did not send them. */
  chopped?: number;
  /** The capture does not hold it, though the server got it. */
  lost?: boolean;
}

export interface SendOptions extends CallOptions {
  cachethis?: boolean;
  highest?: number;
  /** Another connection than the session's first. */
  on?: Connection;
}

/** What CB_SEQUENCE says beside slot and sequence id, and the callback's RPC header. */
export interface CallbackOptions extends SendOptions {
  program?: number;
  version?: number;
  /** Of AUTH_SYS; a uid below 0 makes it AUTH_NONE. */
  gid?: number;
  gids?: readonly number[];
  /** Slot and sequence id of requests that the callback refers to, by session. */
  referring?: readonly { session?: Session; calls: readonly (readonly [slot: number, seq: number])[] }[];
}

export interface ReplyOptions {
  on?: Connection;
  tag?: string;
  lost?: boolean;
  xid?: number;
  /** sr_highest_slotid and sr_target_highest_slotid; the table's last slot if absent. */
  highest?: number;
  target?: number;
  flags?: number;
  /** Instead of the request's. */
  session?: string;
  seq?: number;
  slot?: number;
  /** COMPOUND status instead of the last result's. */
  status?: number;
}

/** What a finding looks like to a story. */
export interface Seen {
  rule: string;
  severity: Severity;
  confidence: Confidence;
  fault: Fault;
  frames: number[];
  slot: number | null;
  seq: number | null;
  occurrences: number;
  expected: Observation | null;
  actual: Observation | null;
}

/** A credential for callbacks: that of AUTH_SYS, or of AUTH_NONE where there is no uid. */
export interface OfferedCredential {
  uid?: number;
  gid?: number;
  gids?: readonly number[];
}

export interface SessionOptions {
  /** csa_sec_parms; none if absent. */
  offered?: readonly OfferedCredential[];
  slots?: number;
  on?: Connection;
  clientId?: bigint;
  sequence?: number;
  flags?: number;
  grantedFlags?: number;
  /** Requested and granted; the granted default to the requested. */
  fore?: Attributes;
  foreGranted?: Attributes | undefined;
  back?: Attributes;
  backGranted?: Attributes | undefined;
  minor?: number;
  sessionId?: string;
  /** Status of CREATE_SESSION; 0 if absent. */
  status?: number;
  csrSequence?: number;
}

export interface ExchangeOptions {
  minor?: number;
  /** AUTH_SYS uid; 0 if absent. */
  uid?: number;
  /** Status of EXCHANGE_ID; 0 if absent. */
  status?: number;
  owner?: string;
  verifier?: string;
  clientId?: bigint;
  sequence?: number;
  flags?: number;
  eirFlags?: number;
  major?: string;
  minorId?: bigint;
  scope?: string;
  /** spa_how: 0 SP4_NONE, 1 SP4_MACH_CRED. */
  protect?: 0 | 1;
  /** Operation numbers of spo_must_enforce, asked for and granted. */
  enforce?: readonly number[];
}
