import { NFS4_OK, NFS4ERR_SEQ_MISORDERED, statusName } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import { exchangeFrames } from "./exchange-frames.ts";
import type { Observation, Report } from "./rule.ts";

/** What came back, in words: a status name, an RPC refusal, or that nothing did. */
export function answerText({ reply }: Call): string {
  if (reply === null) return "no answer was seen";
  if (reply.rpcError !== null) return `the server refused it: ${reply.rpcError}`;
  const { slotStatus, status } = reply;
  // SEQUENCE alone tells nothing of what the process behind the request got.
  const behind = slotStatus === NFS4_OK && status > NFS4_OK ? `, then ${statusName(status)}` : "";
  return `the server answered ${statusName(slotStatus)}${behind}`;
}

/** The status that decides over the slot. */
export function answered({ reply, seq }: Call): Observation {
  if (reply === null || reply.rpcError !== null) return { seq };
  return { seq, status: [reply.slotStatus] };
}

/**
 * The requester's promise to use the next sequence id was broken: what all such reports share.
 * `cause` is the request that set the slot's sequence id.
 */
export function misordered(call: Call, expectedSeq: number, message: string, cause = call.previous): Report {
  return {
    call,
    since: cause?.at ?? call.session?.firstSeen.at ?? call.at,
    frames: [...(cause === null ? [] : [cause]), ...exchangeFrames(call)],
    expected: { seq: expectedSeq, status: [NFS4ERR_SEQ_MISORDERED] },
    actual: answered(call),
    message: `${message}; ${answerText(call)}`,
  };
}

/**
 * The replier called the sequence id misordered; or nobody knows what it said, and nothing that came since,
 * such as a reply without a captured call, showed the slot elsewhere.
 */
export function isNotRefuted({ reply, slot, lastSeqBefore }: Call): boolean {
  if (reply === null) return slot === null || slot.lastSeq === lastSeqBefore;
  return reply.sequenceStatus === NFS4ERR_SEQ_MISORDERED || reply.status === NFS4ERR_SEQ_MISORDERED;
}
