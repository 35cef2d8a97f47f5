import { NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { answered, answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { operationNames } from "../operation-name-of.ts";
import { isSameRequest, isSettledByError } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** A sequence id was used again for another request */
export const falseRetry: Rule = {
  id: "false-retry",
  severity: "error",
  fault: "client",
  title: "A sequence id was used again for another request",
  rfc: "RFC 8881 2.10.6.1.3, 2.10.6.1.3.1",
  help: {
    means:
      "Slot and sequence id are those of a request that was sent before, the operations or arguments are not. A retry must be the same request.",
    hurts:
      "The replier may answer with the reply of the other request, and the caller takes it for its own: wrong data, or an operation that seems done and was not.",
    todo: "In the client, use the next sequence id for every new request, also after one that was interrupted.",
    seenIn: "Linux clients up to 4.14 after an interrupted request (nfs-ganesha issue 841)",
  },
  downgrades: { T: "off", P: "off", M: 1, G: "off" },
  watch({ report }) {
    const check = (call: Call) => {
      const { original } = call;
      if (original === null) return;
      if (isSameRequest(call, original) || original.truncated || isSettledByError(call)) return;
      report({
        call,
        since: original.at,
        frames: [...exchangeFrames(original), ...exchangeFrames(call)],
        expected: { seq: nextSeq(original.seq), status: [NFS4ERR_SEQ_FALSE_RETRY] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} ${otherThan(call, original)}; ${answerText(call)}`,
      });
    };
    return { answer: check, unanswered: check };
  },
};

function otherThan(call: Call, original: Call): string {
  const before = operationNames(original);
  if (call.operations !== original.operations)
    return `carries ${operationNames(call)} but was used for ${before} before`;
  const { difference } = call;
  const what = difference === null ? "" : `: ${difference.path} was ${difference.before}, now ${difference.after}`;
  return `was used for ${before} before, and comes with other arguments${what}`;
}
