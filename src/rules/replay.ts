import { NFS4_OK, NFS4ERR_DEADSESSION, NFS4ERR_RETRY_UNCACHED_REP } from "../nfs4/constants.ts";
import type { Call, Reply } from "../session/call.ts";
import { isSameRequest, isSameUser } from "./retry.ts";

/** A transmission with its reply. */
export type Answered = Call & { reply: Reply };

/** A transmission got SEQUENCE OK and all of its reply was captured. */
function isReadable(call: Call): call is Answered {
  return call.reply !== null && !call.reply.truncated && call.reply.sequenceStatus === NFS4_OK;
}

/** Another transmission of the request, whose readable OK reply came before that of `call`; the earliest. */
function answeredEarlier(call: Answered): Answered | null {
  let earliest: Answered | null = null;
  for (const other of call.transmissions) {
    if (other === call || !isReadable(other) || other.reply.at > call.reply.at) continue;
    if (earliest === null || other.reply.at < earliest.reply.at) earliest = other;
  }
  return earliest;
}

/** The same results, but for what SEQUENCE may compute anew. RFC 8881 §2.10.6.1.1 */
export function isSameReply(reply: Reply, other: Reply): boolean {
  const count = reply.results.numbers.length;
  return (
    reply.digest === other.digest &&
    reply.status === other.status &&
    count === other.results.numbers.length &&
    reply.results.isPrefixOf(other.results)
  );
}

/** SEQUENCE OK and an error of the second operation: what stands for a reply that was not kept. RFC 8881 §2.10.6.1.3 */
function isUncachedShape({ reply, cachethis }: Answered): boolean {
  if (reply.secondStatus === NFS4ERR_RETRY_UNCACHED_REP) return true;
  return !cachethis && reply.results.numbers.length === 2 && reply.secondStatus !== NFS4_OK;
}

/**
 * The two replies to one request, where both are whole and differ; null otherwise. Of a session that outlived its
 * server instance, the rest of the reply may be DEADSESSION. RFC 8881 §18.46.4
 */
export function differingReplay(call: Call): { earlier: Answered; later: Answered } | null {
  if (call.retries === null && call.original === null) return null;
  if (!isReadable(call) || call.truncated) return null;
  const earlier = answeredEarlier(call);
  if (earlier === null || earlier.truncated || isSameReply(call.reply, earlier.reply)) return null;
  if (!isSameRequest(call, earlier) || !isSameUser(call, earlier) || call.cachethis !== earlier.cachethis) return null;
  if (isUncachedShape(call) || isUncachedShape(earlier)) return null;
  const isDead = [call, earlier].some(({ reply }) => reply.lastStatus === NFS4ERR_DEADSESSION);
  return isDead ? null : { earlier, later: call };
}

/** The transmission of the request whose SEQUENCE OK came first; null while none did. */
export function firstAccepted(call: Call): Answered | null {
  let earliest: Answered | null = null;
  for (const other of call.transmissions) {
    if (other.reply?.sequenceStatus !== NFS4_OK) continue;
    if (earliest === null || other.reply.at < earliest.reply.at) earliest = other as Answered;
  }
  return earliest;
}
