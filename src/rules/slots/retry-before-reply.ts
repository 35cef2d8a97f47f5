import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { acceptedBefore, isRepeat, isSettledByError, transmissionBefore, wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** A request was sent again on its connection while the reply was still due */
export const retryBeforeReply: Rule = {
  id: "retry-before-reply",
  severity: "warning",
  fault: "client",
  title: "A request was sent again on its connection while the reply was still due",
  rfc: "RFC 8881 2.10.6.2, 2.9.2",
  help: {
    means:
      "The same request came a second time on the same living connection before the first was answered. TCP does not lose requests: a requester must wait as long as the connection lives.",
    hurts: "It costs a round trip and a place in the reply cache; if the original runs slowly, retries make it slower.",
    todo: "In the client, switch off RPC timeouts for NFSv4.1, or close the connection before retrying.",
  },
  downgrades: { G: "off", R: "off" },
  supersedes: ["retry-without-disconnect"],
  watch({ report }) {
    const pending = new WeakMap<Call, Call>();
    // Only what follows shows that the capture missed a reply.
    const check = (call: Call) => {
      const earlier = pending.get(call);
      if (earlier === undefined) return;
      report({
        call,
        since: earlier.at,
        frames: [earlier, ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED, NFS4_OK] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} was sent again after ${seconds(call.at - earlier.at)} on the connection that still owed its reply`,
      });
    };
    return {
      "call-retry": (call) => {
        if (!isRepeat(call) || isSettledByError(call) || acceptedBefore(call) !== null) return;
        const earlier = transmissionBefore(call);
        // RPCSEC_GSS had to drop it: sending it again is right. RFC 2203 §5.3.3.1
        if (earlier.gssBehind > 0) return;
        if (earlier.connection !== call.connection || wasLostBefore(earlier, call) || earlier.reply !== null) return;
        pending.set(call, earlier);
      },
      answer: check,
      unanswered: check,
    };
  },
};
