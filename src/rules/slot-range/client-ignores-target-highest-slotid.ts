import type { Call } from "../../session/call.ts";
import type { Fall } from "../../session/limit-history.ts";
import { AwaitedCalls } from "../awaited-calls.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isFreshRequest } from "../fresh-request.ts";
import { fallText, loweredBelow } from "../lowered-limit.ts";
import type { Rule } from "../rule.ts";
import { highestInUse } from "../slots-in-use.ts";

/** "The requester must always comply with the replier's value updates." */
export const clientIgnoresTargetHighestSlotid: Rule = {
  id: "client-ignores-target-highest-slotid",
  severity: "warning",
  fault: "client",
  title: "The client does not come down to the number of slots that the server asks for",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "Many replies in a row had named a lower sr_target_highest_slotid, and new requests still use slots above it, or name a highest_slotid above it though nothing up there is in use.",
    hurts: "The server cannot share its slots among clients. It may lower sr_highest_slotid and then refuse requests.",
    todo: "In the client, let the table shrink towards sr_target_highest_slotid as slots fall free.",
    seenIn: "the Linux client filters out targets that jump about: a few late requests are normal and not reported",
  },
  downgrades: { O: 1, H: 1, M: 1, G: "off" },
  options: { replies: 8 },
  watch({ report, option }) {
    const repliesMin = option("replies");
    const awaited = new AwaitedCalls<Fall>((call, fall) => {
      const what =
        call.slotId > fall.limit ? `slot ${call.slotId} was used` : `highest_slotid ${call.highestSlotId} was named`;
      report({
        call,
        since: fall.first.at,
        frames: [fall.first, ...exchangeFrames(call)],
        expected: { text: `slots up to ${fall.limit}` },
        actual: { slot: call.slotId, text: `highest_slotid ${call.highestSlotId}` },
        message: `${what} (seq ${call.seq}), the target highest_slotid was ${fallText(fall)}`,
      });
    });
    return {
      "call-above-limit"(call) {
        if (!isFreshRequest(call)) return;
        const fall = loweredBelow(call, call.slotId, "target", repliesMin) ?? namedInVain(call, repliesMin);
        if (fall !== null) awaited.add(call, fall);
      },
      ...awaited.handlers,
    };
  },
};

/** The slot is all right, but highest_slotid lies above the target without need. */
function namedInVain(call: Call, repliesMin: number): Fall | null {
  const { session, highestSlotId, slotId, at } = call;
  if (session?.created == null) return null;
  const fall = loweredBelow(call, highestSlotId, "target", repliesMin);
  if (fall === null || slotId > fall.limit) return null;
  return highestInUse(session.table(call.channel), at) > fall.limit ? null : fall;
}
