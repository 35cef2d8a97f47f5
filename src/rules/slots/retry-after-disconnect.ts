import type { Call } from "../../session/call.ts";
import { answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isRepeat, isSettledByError, transmissionBefore, wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** A request was retried after its connection was lost */
export const retryAfterDisconnect: Rule = {
  id: "retry-after-disconnect",
  severity: "note",
  fault: "none",
  title: "A request was retried after its connection was lost",
  rfc: "RFC 8881 2.10.13.1.2",
  help: {
    means:
      "The connection ended with the request outstanding, and the client sent it again with the same slot and sequence id. That is the recovery that sessions are made for.",
    hurts: "It does not.",
    todo: "Nothing. If there are many, find out what ends the connections.",
  },
  downgrades: {},
  oncePerUpheaval: true,
  watch({ report }) {
    const check = (call: Call) => {
      if (!isRepeat(call) || isSettledByError(call)) return;
      const earlier = transmissionBefore(call);
      const { closing } = earlier.connection;
      if (closing === null || !wasLostBefore(earlier, call) || earlier.connection === call.connection) return;
      report({
        call,
        since: earlier.at,
        frames: [earlier, closing, ...exchangeFrames(call)],
        message: `slot ${call.slotId}: seq ${call.seq} was lost with its connection and sent again ${seconds(call.at - closing.at)} later; ${answerText(call)}`,
      });
    };
    return { answer: check, unanswered: check };
  },
};
