import { NFS4_OK } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { mayHaveBeenAnswered } from "../late-reply.ts";
import type { Rule } from "../rule.ts";

/** The request that used the slot after this one, while the slot remembers it. */
function successor(call: Call): Call | null {
  for (let later = call.slot?.current ?? null; later !== null; later = later.previous) {
    if (later.previous === call) return later;
  }
  return null;
}

/** The reply to a slot's older request came after that to its newer one */
export const outOfOrderReplyOnSlot: Rule = {
  id: "out-of-order-reply-on-slot",
  severity: "error",
  fault: "client",
  title: "The reply to a slot's older request came after that to its newer one",
  rfc: "RFC 8881 2.10.6.2",
  help: {
    means:
      "Two requests of one slot ran at the same time and ended in the wrong order: the client had used the slot again too early, and the server ran both.",
    hurts: "The replier keeps the reply of whichever ended last; exactly-once execution is gone for both.",
    todo: "See slot-reuse-while-outstanding on the same slot.",
  },
  downgrades: { G: "off", O: 1, H: 1 },
  watch: ({ report, isOrdered }) => ({
    answer(call) {
      const { reply } = call;
      // A copy from the cache may come as late as it likes.
      if (call.original !== null || call.retries !== null || reply?.sequenceStatus !== NFS4_OK) return;
      const next = successor(call);
      if (next?.reply?.sequenceStatus !== NFS4_OK) return;
      if (!isOrdered(next.reply, next.connection, reply, call.connection)) return;
      report({
        call,
        holds: () => !mayHaveBeenAnswered(call, next),
        since: call.at,
        frames: [call, next, next.reply, reply],
        expected: { text: `the answer to seq ${call.seq} first` },
        actual: { text: `that to seq ${next.seq}` },
        message: `slot ${call.slotId}: the answer to seq ${next.seq} came before that to seq ${call.seq}`,
      });
    },
  }),
};
