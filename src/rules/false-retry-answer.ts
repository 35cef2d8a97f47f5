import { NFS4_OK } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import { type Answered, isSameReply } from "./replay.ts";
import { acceptedBefore, isProbe, isSameRequest, isSameUser } from "./retry.ts";

/** What became of a false retry whose SEQUENCE succeeded. RFC 8881 §2.10.6.1.3 */
export type FalseRetryAnswer =
  /** The reply to the request that had used the sequence id first. */
  | "cached"
  /** Its own operations were executed. */
  | "executed"
  /** Neither can be told: an error of the second operation, or too little to compare. */
  | "other";

export interface FalseRetry {
  readonly accepted: Answered;
  readonly answer: FalseRetryAnswer;
  readonly isSameRequest: boolean;
  readonly isSameUser: boolean;
}

/** Another request, or another user's, under the sequence id of a request that had been accepted; null if it is none. */
export function falseRetry(call: Call): FalseRetry | null {
  const { original, reply } = call;
  if (original === null || reply?.sequenceStatus !== NFS4_OK || reply.truncated || call.truncated) return null;
  if (isProbe(call) || original.truncated) return null;
  const accepted = acceptedBefore(call) as Answered | null;
  if (accepted === null || accepted.reply.truncated || accepted.truncated) return null;
  const isRequest = isSameRequest(call, accepted);
  const isUser = isSameUser(call, accepted);
  if (isRequest && isUser) return null;
  return { accepted, answer: answerTo(call as Answered, accepted), isSameRequest: isRequest, isSameUser: isUser };
}

function answerTo(call: Answered, accepted: Answered): FalseRetryAnswer {
  if (isSameReply(call.reply, accepted.reply)) return "cached";
  const { results, secondStatus } = call.reply;
  // An error of the second operation is one of the shapes that execute nothing.
  if (results.numbers.length < 2 || secondStatus !== NFS4_OK || !results.isPrefixOf(call.operations)) return "other";
  return "executed";
}
