import { NFS4_OK, NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { falseRetry } from "../false-retry-answer.ts";
import type { Rule } from "../rule.ts";

/** A server need not notice that a retry is another request. */
export const falseRetryUndetected: Rule = {
  id: "false-retry-undetected",
  severity: "note",
  fault: "server",
  title: "A false retry got the reply of the first request",
  rfc: "RFC 8881 2.10.6.1.3, 18.46.3",
  help: {
    means:
      "The client used a sequence id again for another request of the same user, and the server answered with the reply to the first. That is legal: a server need not compare requests.",
    hurts: "The client takes the reply for that of its second request, which was never executed.",
    todo: "Correct the client; a server that compares a hash of the arguments would have told it so with NFS4ERR_SEQ_FALSE_RETRY.",
    seenIn: "most servers",
  },
  downgrades: { G: "off", T: "off" },
  watch: ({ report }) => ({
    answer(call) {
      const found = falseRetry(call);
      if (found === null || found.isSameRequest || !found.isSameUser || found.answer !== "cached") return;
      report({
        call,
        since: found.accepted.at,
        frames: [...exchangeFrames(found.accepted), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [NFS4ERR_SEQ_FALSE_RETRY, NFS4_OK] },
        actual: { seq: call.seq, status: [call.reply?.status ?? NFS4_OK] },
        message: `slot ${call.slotId}: another request under seq ${call.seq} got the reply to the first`,
      });
    },
  }),
};
