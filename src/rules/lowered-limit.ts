import { NFS4_OK } from "../nfs4/constants.ts";
import type { Call, Reply } from "../session/call.ts";
import type { Fall, LimitHistory } from "../session/limit-history.ts";
import type { ObservedSlotTable } from "../session/observed-slot-table.ts";

/** What was begun before a limit came down is under way for no longer, where exchanges are quick. */
const PATIENCE_NANOS = 100e6;

/** Which of the two highest_slotid values of replies. RFC 8881 §2.10.6.1 */
export type Limit = "enforced" | "target";

/**
 * Replies have named a limit below slot `value` for long enough, in a row and often enough, and the requester had one
 * of them when it sent `call`; null otherwise. Retries have to be sorted out before.
 */
export function loweredBelow(call: Call, value: number, limit: Limit, repliesMin: number): Fall | null {
  const table = call.session?.table(call.channel);
  if (table === undefined || isUnfilled(table, limit)) return null;
  const fall = historyOf(table, limit).below(value);
  if (fall === null || fall.replies < repliesMin || call.at - fall.first.at <= patienceNanos(call)) return null;
  return isDelivered(call, table, limit, value, fall) ? fall : null;
}

export function historyOf(table: ObservedSlotTable, limit: Limit): LimitHistory {
  return limit === "enforced" ? table.limits : table.targets;
}

/** A server that says 0 from the beginning of a larger session does not fill the field in. */
export function isUnfilled(table: ObservedSlotTable, limit: Limit): boolean {
  return historyOf(table, limit).highest === 0 && table.granted !== 1;
}

function patienceNanos({ connection: { roundTripNanos } }: Call): number {
  return Number.isFinite(roundTripNanos) ? Math.max(PATIENCE_NANOS, 2 * roundTripNanos) : PATIENCE_NANOS;
}

/**
 * "The replier can infer that the requester has seen such a reply when it receives a new request with the same slot ID
 * as the request replied to and the next higher sequence ID" (§2.10.6.1): one that went ahead of `call`, on the same
 * connection because requests wait in line there.
 */
function isDelivered(call: Call, table: ObservedSlotTable, limit: Limit, value: number, { first }: Fall): boolean {
  for (const { current } of table.used()) {
    const previous = current?.previous;
    const told = previous?.reply;
    if (current === null || previous == null || told == null || previous.retries !== null) continue;
    const isAhead = current.connection === call.connection && current.at <= call.at && told.at < current.at;
    if (isAhead && told.at >= first.at && told.sequenceStatus === NFS4_OK && saysLess(told, previous, limit, value))
      return true;
  }
  return false;
}

/** The reply names a lower limit, and not just what its request named: a server that knows no limits may echo that. */
function saysLess(reply: Reply, { highestSlotId: asked }: Call, limit: Limit, value: number): boolean {
  const { highestSlotId: enforced, targetHighestSlotId: target } = reply;
  const [told, other] = limit === "enforced" ? [enforced, target] : [target, enforced];
  return told < value && (told !== asked || other < value);
}

/** For a message, after "was": `9 at most in 12 replies since frame 30`. */
export function fallText({ first, limit, replies }: Fall): string {
  return `${limit} at most in ${replies} replies since frame ${first.frame}`;
}
