import { exchangeFrames } from "../exchange-frames.ts";
import { isLoweredUnasked } from "../lowered-under-call.ts";
import type { Rule } from "../rule.ts";

/** The narrower case of sr-highest-below-arg: even the request's own slot is out of bounds. */
export const srHighestBelowSlot: Rule = {
  id: "sr-highest-below-slot",
  severity: "warning",
  fault: "server",
  title: "A reply forbids the slot that it comes on",
  rfc: "RFC 8881 18.46.3, 2.10.6.1",
  help: {
    means:
      "The server executed a request and answered with an sr_highest_slotid below the slot it came on, without having asked the client to use fewer slots before.",
    hurts:
      "The client has to give up the slot at once. Often the server does not fill the field in at all, and a client that believes it runs on one slot.",
    todo: "In the server, set sr_highest_slotid to the last slot of the table; lower sr_target_highest_slotid first when slots are to be taken back.",
    seenIn: "servers that leave the field at 0",
  },
  downgrades: { M: 1, G: "off", H: 1 },
  supersedes: ["sr-highest-below-arg"],
  watch: ({ report }) => ({
    "limit-below-call"(call) {
      const { reply, slotId } = call;
      if (reply === null || reply.highestSlotId >= slotId || !isLoweredUnasked(call)) return;
      report({
        call,
        since: call.session?.firstSeen.at ?? call.at,
        frames: exchangeFrames(call),
        expected: { text: `enforced highest_slotid of ${slotId} or more` },
        actual: { slot: slotId, text: `enforced highest_slotid ${reply.highestSlotId}` },
        message: `slot ${slotId} seq ${call.seq} was served, the reply's enforced highest_slotid is ${reply.highestSlotId} and no lower target was named before`,
      });
    },
  }),
};
