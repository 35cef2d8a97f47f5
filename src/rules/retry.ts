import { NFS4_OK } from "../nfs4/constants.ts";
import { type Call, PRINCIPAL_UNKNOWN } from "../session/call.ts";
import { travelNanos } from "./travel.ts";

/** The same operations with the same arguments, as far as both were captured. RFC 8881 §2.10.6.1.3.1 */
export function isSameRequest(call: Call, original: Call): boolean {
  if (call.truncated || original.truncated) return call.length === original.length;
  return call.fingerprint === original.fingerprint && call.operations === original.operations;
}

export function isSameUser(call: Call, original: Call): boolean {
  const isUnknown = call.principal === PRINCIPAL_UNKNOWN || original.principal === PRINCIPAL_UNKNOWN;
  return isUnknown || call.principal === original.principal;
}

/** A true retry: the same request of the same user, to be cached or not as before, sent again. */
export function isRepeat(call: Call): call is Call & { original: Call } {
  const { original } = call;
  return (
    original !== null &&
    call.cachethis === original.cachethis &&
    isSameRequest(call, original) &&
    isSameUser(call, original)
  );
}

/** A lone SEQUENCE that finds out where the slot stands, see interrupted-slot-recovery. */
export function isProbe({ slot, operations }: Call): boolean {
  return slot !== null && slot.recoveringFrom !== null && operations.isLoneSequence;
}

/**
 * An earlier transmission was answered by a SEQUENCE-level error, with zero results or by a refusal of the RPC layer
 * before this one was sent: then sending again is no offence. RFC 8881 §15.1.1.3
 */
export function isSettledByError(call: Call): boolean {
  return call.transmissions.some((each) => endedInError(each, call));
}

function endedInError({ reply }: Call, before: Call): boolean {
  return reply !== null && reply.at <= before.at && reply.sequenceStatus !== NFS4_OK;
}

/** The transmission of the request that had an OK reply when this one was sent, null if none had. */
export function acceptedBefore(call: Call): Call | null {
  const wasAccepted = ({ reply }: Call) => reply !== null && reply.at < call.at && reply.sequenceStatus === NFS4_OK;
  return call.transmissions.find(wasAccepted) ?? null;
}

/**
 * The transmission whose OK reply the requester had, on a connection that lived, when it sent this one; null if there
 * was none. To be asked when the call comes: what travel takes is learnt from its own reply too.
 */
export function deliveredBefore(call: Call): Call | null {
  const accepted = acceptedBefore(call);
  if (accepted?.reply == null || wasLostBefore(accepted, call)) return null;
  return call.at - accepted.reply.at > travelNanos(call.connection) ? accepted : null;
}

/** The latest transmission before this one. */
export function transmissionBefore(call: Call): Call {
  const { first } = call;
  const retries = first.retries ?? [];
  const index = retries.indexOf(call);
  return retries[(index < 0 ? retries.length : index) - 1] ?? first;
}

/** Its connection had ended, or one end had begun to end it, by the time `call` was sent. */
export function wasLostBefore(earlier: Call, call: Call): boolean {
  const { closing } = earlier.connection;
  return closing !== null && closing.at <= call.at;
}
