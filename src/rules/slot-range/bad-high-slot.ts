import { NFS4_OK, NFS4ERR_BAD_HIGH_SLOT } from "../../nfs4/constants.ts";
import type { Fall } from "../../session/limit-history.ts";
import { answered, answerText } from "../answer.ts";
import { AwaitedCalls } from "../awaited-calls.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isFreshRequest } from "../fresh-request.ts";
import { fallText, loweredBelow } from "../lowered-limit.ts";
import type { Rule } from "../rule.ts";
import { highestInUse } from "../slots-in-use.ts";

/** A requester that clings to slots which it does not even use. */
export const badHighSlot: Rule = {
  id: "bad-high-slot",
  severity: "warning",
  fault: "client",
  title: "highest_slotid stays above the limit although nothing up there is in use",
  rfc: "RFC 8881 2.10.6.1, 15.1.11.3",
  help: {
    means:
      "All replies for a while had named a lower highest slot, the client had received at least one of them and no request above that limit was unanswered; still the request's sa_highest_slotid is higher.",
    hurts:
      "The server cannot free the slots that it wants back: only a request with a lower highest_slotid lets it. It may answer NFS4ERR_BAD_HIGH_SLOT.",
    todo: "In the client, work out sa_highest_slotid anew for each request: the highest slot that has a request outstanding.",
    seenIn: "no known server returns NFS4ERR_BAD_HIGH_SLOT",
  },
  downgrades: { O: 1, M: "off", H: 1, G: "off" },
  supersedes: ["client-ignores-target-highest-slotid"],
  options: { replies: 2 },
  watch({ report, option }) {
    const repliesMin = option("replies");
    const awaited = new AwaitedCalls<Fall>((call, fall) =>
      report({
        call,
        since: fall.first.at,
        frames: [fall.first, ...exchangeFrames(call)],
        expected: { status: [NFS4_OK, NFS4ERR_BAD_HIGH_SLOT], text: `highest_slotid of ${fall.limit} or less` },
        actual: { ...answered(call), text: `highest_slotid ${call.highestSlotId}` },
        message: `highest_slotid ${call.highestSlotId} was named on slot ${call.slotId}, no slot above ${fall.limit} was in use and the enforced one was ${fallText(fall)}; ${answerText(call)}`,
      }),
    );
    return {
      "call-above-limit"(call) {
        const { session, slotId, highestSlotId, at } = call;
        // Who joins later does not know what is in use.
        if (session?.created == null || !isFreshRequest(call)) return;
        const fall = loweredBelow(call, highestSlotId, "enforced", repliesMin);
        if (fall === null || slotId > fall.limit || highestInUse(session.table(call.channel), at) > fall.limit) return;
        awaited.add(call, fall);
      },
      ...awaited.handlers,
    };
  },
};
