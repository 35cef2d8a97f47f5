import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { acceptedBefore, deliveredBefore, isRepeat, isSettledByError, wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** A request was retried although its connection was never lost */
export const retryWithoutDisconnect: Rule = {
  id: "retry-without-disconnect",
  severity: "warning",
  fault: "client",
  title: "A request was retried although its connection was never lost",
  rfc: "RFC 8881 2.9.2, 2.10.6.2",
  help: {
    means:
      "A requester may send a request again only after its connection was lost. Here the reply was already on its way over a living connection when the retry was sent.",
    hurts: "It costs a round trip and a place in the reply cache; if the original runs slowly, retries make it slower.",
    todo: "In the client, retry only what was outstanding when a connection ended.",
  },
  downgrades: { G: "off", H: 1 },
  watch({ report }) {
    const pending = new WeakMap<Call, Call>();
    // Only what follows shows that the capture missed something.
    const check = (call: Call) => {
      const accepted = pending.get(call);
      if (accepted?.reply == null) return;
      report({
        call,
        since: accepted.at,
        frames: [accepted, accepted.reply, ...exchangeFrames(call)],
        expected: { status: [NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} was retried while its reply was on the way and the connection alive`,
      });
    };
    return {
      "call-retry": (call) => {
        if (!isRepeat(call) || isSettledByError(call)) return;
        const accepted = acceptedBefore(call);
        if (accepted === null || wasLostBefore(accepted, call) || deliveredBefore(call) !== null) return;
        pending.set(call, accepted);
      },
      answer: check,
      unanswered: check,
    };
  },
};
