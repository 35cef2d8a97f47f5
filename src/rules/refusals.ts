import {
  NFS4_OK,
  NFS4ERR_BADSESSION,
  NFS4ERR_BADSLOT,
  NFS4ERR_DEADSESSION,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { ObservedSlot } from "../session/observed-slot.ts";

/** Refusals that say where the slot stands, take it away or end the session: they promise nothing about the next use. */
const OTHER_REFUSALS: ReadonlySet<number> = new Set([
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_BADSLOT,
  NFS4ERR_BADSESSION,
  NFS4ERR_DEADSESSION,
]);

/**
 * The latest request of each slot whose SEQUENCE failed for a reason that has nothing to do with the slot's sequence
 * id: "the sequence ID of the slot MUST NOT change". RFC 8881 §2.10.6.1.2
 */
export class Refusals {
  readonly #bySlot = new WeakMap<ObservedSlot, Call>();

  /** After every answer, and after what is asked below. */
  note(call: Call): void {
    if (call.slot !== null && isPlainRefusal(call)) this.#bySlot.set(call.slot, call);
  }

  /** The refused request with the sequence id before that of `call`, which the model had taken back. */
  skippedBy(call: Call): Call | null {
    const { slot, seq, lastSeqBefore, distance, verdict } = call;
    const refused = slot === null ? undefined : this.#bySlot.get(slot);
    if (refused === undefined || verdict !== "ahead" || distance !== 2) return null;
    return refused.seq === (seq - 1) >>> 0 && refused.lastSeqBefore === lastSeqBefore ? refused : null;
  }

  /** The refused request with the sequence id of `call`, when that is a fresh attempt. */
  repeatedBy(call: Call): Call | null {
    const { slot, seq, verdict, distance } = call;
    const refused = slot === null ? undefined : this.#bySlot.get(slot);
    if (refused === undefined || refused === call || verdict !== "new" || distance !== 1) return null;
    return refused.seq === seq && refused.lastSeqBefore === call.lastSeqBefore ? refused : null;
  }
}

/** SEQUENCE refused the next sequence id, for a reason that has nothing to do with it. */
export function isPlainRefusal({ reply, verdict }: Call): boolean {
  if (reply === null || verdict !== "new") return false;
  return reply.sequenceStatus > NFS4_OK && !OTHER_REFUSALS.has(reply.sequenceStatus);
}

/** A fresh attempt was answered as if it were a retry: with a status that only retries get. */
export function isTreatedAsRetry({ reply }: Call): boolean {
  if (reply === null) return false;
  const { sequenceStatus, secondStatus } = reply;
  if (sequenceStatus === NFS4ERR_RETRY_UNCACHED_REP || sequenceStatus === NFS4ERR_SEQ_FALSE_RETRY) return true;
  return sequenceStatus === NFS4_OK && secondStatus === NFS4ERR_RETRY_UNCACHED_REP;
}
