import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered, answerText } from "../answer.ts";
import { isEarly } from "../early.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** The slot of a request that was lost with its connection went on without a retry. */
export const slotAbandonedAfterDisconnect: Rule = {
  id: "slot-abandoned-after-disconnect",
  severity: "error",
  fault: "client",
  title: "A request lost with its connection was never retried, its slot went on",
  rfc: "RFC 8881 2.10.13.1.2",
  help: {
    means:
      "The connection ended before the reply came. The request must be sent again with the same slot and sequence id on another connection; the client used the next sequence id instead.",
    hurts:
      "Nobody knows whether the lost request was executed. If the server never got it, the slot is out of step from here on.",
    todo: "In the client, hold the slot after a lost connection until the request was retried.",
    seenIn: "Linux client for interrupted requests",
  },
  downgrades: { G: "off", H: 1, R: "off", U: 1 },
  oncePerUpheaval: true,
  watch({ report }) {
    const check = (call: Call) => {
      const { previous } = call;
      if (!isEarly(call) || previous === null || previous.retries !== null) return;
      const { closing } = previous.connection;
      if (closing === null || !wasLostBefore(previous, call)) return;
      report({
        call,
        // Nothing acknowledges a connection's last reply: a capture that lost anything may have lost that one.
        since: call.session?.firstSeen.at ?? previous.at,
        ...(call.reply?.sequenceStatus === NFS4_OK ? { because: ["U"] as const } : {}),
        frames: [previous, closing, ...exchangeFrames(call)],
        expected: { seq: previous.seq, status: [NFS4ERR_SEQ_MISORDERED, NFS4_OK] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${previous.seq} was lost with its connection and never retried, ${call.seq} came instead; ${answerText(call)}`,
      });
    };
    return { answer: check, unanswered: check };
  },
};
