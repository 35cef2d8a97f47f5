import { answerText } from "../answer.ts";
import { AwaitedCalls } from "../awaited-calls.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** "The requester MUST always indicate the slot ID representing the outstanding request with the highest-numbered slot." */
export const highestSlotidBelowSlotid: Rule = {
  id: "highest-slotid-below-slotid",
  severity: "error",
  fault: "client",
  title: "highest_slotid is lower than the slot of its own request",
  rfc: "RFC 8881 2.10.6.1, 18.46.3",
  help: {
    means:
      "sa_highest_slotid names the highest slot with a request outstanding; the request that carries it is one of those, so it can never be below sa_slotid.",
    hurts: "A server that shrinks its tables by this value may free the very slot whose request it is executing.",
    todo: "In the client, take the slot of the request itself into account when sa_highest_slotid is worked out.",
    seenIn: "no known server checks it, so that the mistake goes unnoticed",
  },
  downgrades: { T: "off" },
  watch({ report }) {
    const awaited = new AwaitedCalls<null>((call) =>
      report({
        call,
        frames: exchangeFrames(call),
        expected: { text: `highest_slotid of ${call.slotId} or more` },
        actual: { slot: call.slotId, text: `highest_slotid ${call.highestSlotId}` },
        message: `slot ${call.slotId} was used (seq ${call.seq}) with highest_slotid ${call.highestSlotId}; ${answerText(call)}`,
      }),
    );
    return {
      "highest-slot-understated"(call) {
        if (call.highestSlotId < call.slotId && call.original === null) awaited.add(call, null);
      },
      ...awaited.handlers,
    };
  },
};
