import {
  NFS4_OK,
  NFS4ERR_BAD_HIGH_SLOT,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADSLOT,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
  NFS4ERR_DEADSESSION,
  NFS4ERR_DELAY,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_TOO_MANY_OPS,
} from "../nfs4/constants.ts";

/** What a sequence id means on a slot, whose last one is known. */
export type Verdict =
  /** One more than the last on an idle slot. */
  | "new"
  /** One more than the last while the last still runs: the RFC does not treat it. */
  | "early"
  /** The last one again, and its reply exists. */
  | "retry"
  /** The last one again while it still runs. */
  | "retry-in-flight"
  /** Two or more beyond the last. */
  | "ahead"
  /** Before the last. */
  | "behind"
  /** 0 on a slot that was never used: it meets the contrived reply. RFC 8881 §18.36.4 phase 4 */
  | "zero-first";

/**
 * Judges `seq` on a slot whose last accepted sequence id is `lastSeq`; `busy`: that request has no reply yet;
 * `fresh`: no request was ever accepted, so that `lastSeq` 0 is the initial value and not the end of a wrap.
 * After 0xffffffff comes 0. RFC 8881 §2.10.6.1
 */
export function judge(lastSeq: number, busy: boolean, seq: number, fresh = false): Verdict {
  const distance = (seq - lastSeq) >>> 0;
  if (distance === 1) return busy ? "early" : "new";
  if (distance === 0) {
    if (fresh) return "zero-first";
    return busy ? "retry-in-flight" : "retry";
  }
  // The RFC says that the two cannot be told apart because of the wrap; the halfway mark is for people, not for statuses.
  return distance < 0x8000_0000 ? "ahead" : "behind";
}

/** The sequence id that follows. It wraps through 0, not around it. RFC 8881 §2.10.6.1 */
export function nextSeq(seq: number): number {
  return (seq + 1) >>> 0;
}

/** What else holds when a SEQUENCE arrives; add the numbers up. */
export const CONDITION = {
  /** The replier does not know the session. */
  unknownSession: 1,
  /** The connection is not bound and the replier insists on it. RFC 8881 §2.10.3.1 */
  connectionNotBound: 2,
  /** The slot table has no such slot. */
  slotBeyondTable: 4,
  /** The slot exists, above an enforced highest slot that was lowered since. */
  slotAboveEnforced: 8,
  /** sa_highest_slotid lies above a lowered enforced highest slot. */
  highSlotAboveEnforced: 16,
  /** A persistent session that outlived its server instance. RFC 8881 §2.10.6.5 */
  deadSession: 32,
  tooManyOps: 64,
  requestTooBig: 128,
  replyTooBig: 256,
  /** Only with sa_cachethis. */
  replyTooBigToCache: 512,
  /** For retries: operations or arguments are not those of the original. */
  requestDiffers: 1024,
  /** For retries: the principal is another user than the original's, after squashing. */
  userDiffers: 2048,
  /** The onlooker cannot tell whether the replier had finished the request that looks unanswered. */
  maybeFinished: 4096,
} as const;

const NO_STATUS: readonly number[] = [];
const MISORDERED: readonly number[] = [NFS4ERR_SEQ_MISORDERED];

const STATUSES_BY_VERDICT: Readonly<Record<Verdict, readonly number[]>> = {
  new: [NFS4_OK, NFS4ERR_DELAY],
  early: [NFS4ERR_SEQ_MISORDERED, NFS4ERR_DELAY],
  // OK heads a cached reply, or an uncached one that says RETRY_UNCACHED_REP on the second operation.
  retry: [NFS4_OK, NFS4ERR_DELAY],
  // SHOULD be DELAY, MAY be SEQ_MISORDERED. RFC 8881 §2.10.6.2, last paragraph.
  "retry-in-flight": [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED],
  ahead: MISORDERED,
  behind: MISORDERED,
  "zero-first": MISORDERED,
};

const REMEMBERED_MAX = 4096;
const remembered = new Map<string, readonly number[]>();

/**
 * The statuses that a correct replier may give to SEQUENCE, the likeliest first. The RFC leaves the order of checks
 * free, so each condition adds its own. DELAY is listed where it is an ordinary answer; that a replier
 * may put off anything (RFC 8881 §15.1.1.3) is what `mayAnswer` adds.
 */
export function expectedStatuses(verdict: Verdict, conditions: number): readonly number[] {
  if (conditions === 0) return STATUSES_BY_VERDICT[verdict];
  const key = `${verdict} ${conditions}`;
  const known = remembered.get(key);
  if (known !== undefined) return known;
  const statuses = [...new Set([...conditionStatuses(verdict, conditions), ...verdictStatuses(verdict, conditions)])];
  if (remembered.size < REMEMBERED_MAX) remembered.set(key, statuses);
  return statuses;
}

/** True when a correct replier may answer so: one of `expectedStatuses`, or DELAY. RFC 8881 §15.1.1.3 */
export function mayAnswer(verdict: Verdict, conditions: number, status: number): boolean {
  return status === NFS4ERR_DELAY || expectedStatuses(verdict, conditions).includes(status);
}

/** True for the sequence id of the request that the slot took last. */
export function isRetry(verdict: Verdict): boolean {
  return verdict === "retry" || verdict === "retry-in-flight";
}

function verdictStatuses(verdict: Verdict, conditions: number): readonly number[] {
  // Without a session or a slot there is nothing to compare the sequence id with.
  if ((conditions & (CONDITION.unknownSession | CONDITION.slotBeyondTable)) !== 0) return NO_STATUS;
  let statuses = STATUSES_BY_VERDICT[verdict];
  if ((conditions & CONDITION.maybeFinished) !== 0 && (isRetry(verdict) || verdict === "early")) {
    statuses = [...statuses, NFS4_OK];
  }
  if (isRetry(verdict)) statuses = retryStatuses(statuses, conditions);
  return isBarred(verdict, conditions) ? statuses.filter((status) => status !== NFS4_OK) : statuses;
}

/** RFC 8881 §2.10.6.1.3.1: another user MUST be refused, another request MAY be. */
function retryStatuses(statuses: readonly number[], conditions: number): readonly number[] {
  if ((conditions & CONDITION.userDiffers) !== 0) {
    return [NFS4ERR_SEQ_FALSE_RETRY, ...statuses.filter((status) => status !== NFS4_OK)];
  }
  return (conditions & CONDITION.requestDiffers) !== 0 ? [NFS4ERR_SEQ_FALSE_RETRY, ...statuses] : statuses;
}

/** Some condition rules out that SEQUENCE succeeds. Limits of size do not: the status may come on a later operation. */
function isBarred(verdict: Verdict, conditions: number): boolean {
  if ((conditions & CONDITION.connectionNotBound) !== 0) return true;
  // A dead session still answers retries from its cache. RFC 8881 §18.46.4
  return (conditions & CONDITION.deadSession) !== 0 && !isRetry(verdict);
}

function conditionStatuses(verdict: Verdict, conditions: number): number[] {
  if ((conditions & CONDITION.unknownSession) !== 0) return [NFS4ERR_BADSESSION];
  const statuses: number[] = [];
  const add = (condition: number, status: number) => {
    if ((conditions & condition) !== 0) statuses.push(status);
  };
  add(CONDITION.connectionNotBound, NFS4ERR_CONN_NOT_BOUND_TO_SESSION);
  add(CONDITION.slotBeyondTable, NFS4ERR_BADSLOT);
  if (!isRetry(verdict)) {
    // "the server can both retire the slot and return NFS4ERR_BADSLOT": it need not. §2.10.6.1
    add(CONDITION.slotAboveEnforced, NFS4ERR_BADSLOT);
    add(CONDITION.deadSession, NFS4ERR_DEADSESSION);
  }
  // "unless the slot ID in the request is greater than the new enforced highest_slotid and the request is a retry".
  const exempt = isRetry(verdict) && (conditions & CONDITION.slotAboveEnforced) !== 0;
  if (!exempt) add(CONDITION.highSlotAboveEnforced, NFS4ERR_BAD_HIGH_SLOT);
  add(CONDITION.tooManyOps, NFS4ERR_TOO_MANY_OPS);
  add(CONDITION.requestTooBig, NFS4ERR_REQ_TOO_BIG);
  add(CONDITION.replyTooBig, NFS4ERR_REP_TOO_BIG);
  add(CONDITION.replyTooBigToCache, NFS4ERR_REP_TOO_BIG_TO_CACHE);
  return statuses;
}
