import type { Call } from "../../session/call.ts";
import { SLOW_ANSWER_NANOS } from "../../session/healthy-traffic.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { patienceFor, watchOverdue } from "../overdue.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** The reply came after all: no leak, but worth knowing. */
function late(call: Call, atLeastNanos: number, report: RuleContext["report"]): void {
  const { reply, slot } = call;
  if (reply === null || slot === null || reply.at - call.at <= patienceFor(call, atLeastNanos)) return;
  report({
    call,
    severity: "note",
    fault: "none",
    frames: exchangeFrames(call),
    message: `slot ${call.slotId}: the answer to seq ${call.seq} took ${seconds(reply.at - call.at)}`,
  });
}

/** A request was never answered, its slot is lost */
export const leakedSlot: Rule = {
  id: "leaked-slot",
  severity: "error",
  fault: "unknown",
  title: "A request was never answered, its slot is lost",
  rfc: "RFC 8881 2.9.2",
  help: {
    means:
      "The request has had no reply for more than a minute and longer than the lease, on a living connection, and was not retried. When the server is seen to answer others on the same connection, silent-drop is reported instead.",
    hurts: "The slot cannot be used until the connection is lost; whoever waits for the reply hangs.",
    todo: "On the server, look for the thread that serves this request; find out whether it arrived (frame, xid).",
  },
  downgrades: { G: "off", R: "off" },
  oncePerUpheaval: true,
  options: { patienceSeconds: 60 },
  watch({ report, option }) {
    const atLeastNanos = option("patienceSeconds") * 1e9;
    const overdue = watchOverdue(atLeastNanos, (call, waited) => {
      // Once the slot was used again it is not lost: slot-reuse-while-outstanding.
      if (call.slot?.current?.first !== call.first) return;
      report({
        call,
        since: call.at,
        frames: [call],
        expected: { text: "a reply, or the end of the connection" },
        actual: { text: "neither" },
        message: `slot ${call.slotId}: seq ${call.seq} has been without an answer for ${seconds(waited)}`,
      });
    });
    const answered = (call: Call) => late(call, atLeastNanos, report);
    return {
      ...overdue,
      answer: answered,
      [atLeastNanos < SLOW_ANSWER_NANOS ? "answer-clean" : "answer-slow"]: answered,
    };
  },
};
