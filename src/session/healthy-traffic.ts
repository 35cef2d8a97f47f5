import { NFS4_OK } from "../nfs4/constants.ts";
import type { Call, Reply } from "./call.ts";
import type { FactSink } from "./facts.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { ObservedSlotTable } from "./observed-slot-table.ts";

/** Beyond it an answer is remarkable by itself. */
export const SLOW_ANSWER_NANOS = 1e9;

/**
 * Tells of the next sequence id on an idle slot, and what about it is not as it nearly always is: a few comparisons
 * here spare every rule its own look at every call. Hot.
 */
export function tellNewCall(call: Call, table: ObservedSlotTable, emit: FactSink): void {
  const { session } = table;
  const { operations, seq, slotId, at } = call;
  emit("call-new", call);
  if (session.isTroubled) emit("call-new-troubled", call);
  if (seq === 0 && call.distance === 1) emit("sequence-wrapped", call);
  if (call.cachethis ? operations.mayWasteCaching : operations.mayNeedCaching) emit("cachethis-unusual", call);
  if (at - session.lastRenewalAt > session.server.leaseNanos && isPastLease(session, at)) emit("call-past-lease", call);
  if (table.isFull) emit("table-full", call);
  // With as many other calls outstanding as there are lower slots none of those need be free.
  const isSkipping = slotId >= table.outstanding;
  if (isSkipping && (slotId > table.spareBelow || at > table.spareUntil)) emit("slot-skipped", call);
}

/** The session was not made just now either, if its beginning was seen at all. */
function isPastLease({ created, server }: ObservedSession, at: number): boolean {
  return created === null || at - created.at > server.leaseNanos;
}

/** Tells of OK to a new request, and what about it is not as it nearly always is. Hot. */
export function tellCleanAnswer(call: Call, reply: Reply, table: ObservedSlotTable, emit: FactSink): void {
  emit("answer-clean", call);
  if (table.watchers > 0) emit("answer-watched", call);
  if (call.isAwaited) emit("answer-awaited", call);
  if (reply.at - call.at > SLOW_ANSWER_NANOS) emit("answer-slow", call);
  if (reply.status !== NFS4_OK || reply.lastStatus !== NFS4_OK) emit("answer-failed", call);
}
