import { NFS4ERR_BADSLOT } from "../../nfs4/constants.ts";
import type { Fall } from "../../session/limit-history.ts";
import { answered, answerText } from "../answer.ts";
import { AwaitedCalls } from "../awaited-calls.ts";
import { isBeyondTable } from "../beyond-table.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isFreshRequest } from "../fresh-request.ts";
import { fallText, historyOf, loweredBelow } from "../lowered-limit.ts";
import type { Rule } from "../rule.ts";

/** "The requester is only allowed to send retries on slots that exceed the replier's highest_slotid." */
export const slotBeyondEnforced: Rule = {
  id: "slot-beyond-enforced",
  severity: "error",
  fault: "client",
  title: "A new request used a slot that the server had taken away",
  rfc: "RFC 8881 2.10.6.1, 18.46.3",
  help: {
    means:
      "For a while all replies had named a highest slot (sr_highest_slotid) below this one, and the client had received at least one of them. On such slots only retries are allowed.",
    hurts:
      "The server may answer NFS4ERR_BADSLOT and forget the slot. Where it does not, the client relies on a reply cache entry that the server is about to give up.",
    todo: "In the client, take sr_highest_slotid of every reply to a new request as the limit for the next request.",
    seenIn: "clients that read the size of the table from CREATE_SESSION only",
  },
  downgrades: { O: 1, M: 1, G: "off" },
  supersedes: ["client-ignores-target-highest-slotid", "recall-slot-ignored"],
  options: { replies: 2 },
  watch({ report, option, capture }) {
    const repliesMin = option("replies");
    const awaited = new AwaitedCalls<Fall>((call, fall) => {
      const isNamedSince = () =>
        call.session !== null &&
        historyOf(call.session.table(call.channel), "enforced").lastAtLeast(call.slotId) >= fall.first.at;
      report({
        call,
        // A reply that gave the slot back may be recorded behind the call.
        holds: () => capture.crossingNanos === 0 || !isNamedSince(),
        since: fall.first.at,
        frames: [fall.first, ...exchangeFrames(call)],
        expected: { slot: fall.limit, status: [NFS4ERR_BADSLOT] },
        actual: { ...answered(call), slot: call.slotId },
        message: `slot ${call.slotId} was used (seq ${call.seq}), the enforced highest_slotid was ${fallText(fall)}; ${answerText(call)}`,
      });
    });
    return {
      "call-above-limit"(call) {
        if (!isFreshRequest(call) || isBeyondTable(call)) return;
        const fall = loweredBelow(call, call.slotId, "enforced", repliesMin);
        if (fall !== null) awaited.add(call, fall);
      },
      ...awaited.handlers,
    };
  },
};
