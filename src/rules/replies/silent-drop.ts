import { type Call, PRINCIPAL_UNKNOWN } from "../../session/call.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/**
 * No answer ever came on a connection that lived, and on which what was asked a minute later was answered. Told when the call is given
 * up, because an answer may still come; leaked-slot speaks of slots that wait without that proof.
 */
export const silentDrop: Rule = {
  id: "silent-drop",
  severity: "error",
  fault: "server",
  title: "A request was dropped without an answer",
  rfc: "RFC 8881 2.9.2",
  help: {
    means:
      "The request was delivered, the connection stayed up, and requests that were sent on it more than a minute later were answered, but not this one. A replier must answer, or close the connection.",
    hurts: "The requester must not give up on its own: the slot is lost and the process that waits for it hangs.",
    todo: "In the replier, find the path that ends without a reply: an exception, a full queue, a waiter that nobody wakes.",
    seenIn: "buildbarn never answers a copy of a request that is still running",
  },
  downgrades: { G: 1, R: "off" },
  supersedes: ["leaked-slot"],
  options: { patienceSeconds: 60 },
  watch({ report, option }) {
    const patienceNanos = option("patienceSeconds") * 1e9;
    // Their xid was taken over by a later call: what answered that may have been meant for them.
    const displaced = new WeakSet<Call>();
    return {
      "xid-reused": ({ earlier }) => void displaced.add(earlier),
      unanswered(call) {
        const { connection } = call;
        // A GSS layer may have to drop requests silently. RFC 2203 §5.3.3.1
        if (
          call.channel === "back" ||
          call.repliedElsewhere !== null ||
          call.principal === PRINCIPAL_UNKNOWN ||
          displaced.has(call)
        )
          return;
        // Replies to requests before this one may have stood in TCP's queue all the time, and this one's behind them.
        const waited = connection.lastAnsweredCallAt - call.at;
        if (!(waited > patienceNanos) || connection.hasGapBetween(call.at, Number.POSITIVE_INFINITY)) return;
        report({
          call,
          since: call.at,
          frames: [call],
          expected: { text: "a reply, or the end of the connection" },
          actual: { text: "neither" },
          message: `slot ${call.slotId} seq ${call.seq} was never answered, while requests sent up to ${seconds(waited)} later on the connection were`,
        });
      },
    };
  },
};
