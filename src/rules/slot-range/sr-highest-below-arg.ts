import { exchangeFrames } from "../exchange-frames.ts";
import { isLoweredUnasked } from "../lowered-under-call.ts";
import type { Rule } from "../rule.ts";

/** "The replier's enforced highest_slotid SHOULD be no less than the highest_slotid the requester indicated." */
export const srHighestBelowArg: Rule = {
  id: "sr-highest-below-arg",
  severity: "warning",
  fault: "server",
  title: "A reply forbids slots that its own request had in use",
  rfc: "RFC 8881 18.46.3, 2.10.6.1",
  help: {
    means:
      "sr_highest_slotid is lower than the request's sa_highest_slotid, and the server had not asked for less before, by a lower sr_target_highest_slotid or otherwise. Only a client that ignores that may be cut off so.",
    hurts:
      "Requests outstanding on the upper slots, and what waits for these slots, may be refused with NFS4ERR_BADSLOT.",
    todo: "In the server, lower sr_target_highest_slotid first, and sr_highest_slotid once sa_highest_slotid has come down.",
  },
  downgrades: { M: 1, G: "off", H: 1 },
  watch: ({ report }) => ({
    "limit-below-call"(call) {
      const { reply } = call;
      if (reply === null || !isLoweredUnasked(call)) return;
      report({
        call,
        since: call.session?.firstSeen.at ?? call.at,
        frames: exchangeFrames(call),
        expected: { text: `enforced highest_slotid of ${call.highestSlotId} or more` },
        actual: { text: `enforced highest_slotid ${reply.highestSlotId}` },
        message: `slot ${call.slotId} seq ${call.seq} named highest_slotid ${call.highestSlotId}, the reply's enforced one is ${reply.highestSlotId} and no lower target was named before`,
      });
    },
  }),
};
