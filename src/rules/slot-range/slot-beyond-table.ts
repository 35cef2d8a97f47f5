import { NFS4ERR_BADSLOT } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered, answerText } from "../answer.ts";
import { isBeyondTable } from "../beyond-table.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A request names a slot that the table never had */
export const slotBeyondTable: Rule = {
  id: "slot-beyond-table",
  severity: "error",
  fault: "client",
  title: "A request names a slot that the table never had",
  rfc: "RFC 8881 2.10.6.1, 15.1.11.2",
  help: {
    means:
      "The slot id lies above the number of slots granted at CREATE_SESSION and above every highest slot that the server has named since.",
    hurts: "The request is refused with NFS4ERR_BADSLOT and not executed.",
    todo: "In the client, take the number of slots from the granted ca_maxrequests and from sr_highest_slotid, not from what was asked for.",
    seenIn: "Linux servers since 6.14 let tables grow: the highest slot named in replies counts",
  },
  pynfs: ["SEQ8"],
  downgrades: { M: "off", G: "off", H: 1, V: 1 },
  supersedes: ["seq-first-not-one", "seqid-zero-first", "client-ignores-target-highest-slotid", "recall-slot-ignored"],
  watch({ report, capture }) {
    const beyond = new WeakMap<Call, number>();
    const check = (call: Call) => {
      const limit = beyond.get(call);
      if (limit === undefined) return;
      report({
        call,
        // The reply that enlarged the table may be recorded behind the call.
        holds: () => capture.crossingNanos === 0 || (call.session?.table(call.channel).limit ?? -1) < call.slotId,
        since: call.session?.firstSeen.at ?? call.at,
        frames: exchangeFrames(call),
        expected: { slot: limit, status: [NFS4ERR_BADSLOT] },
        actual: { ...answered(call), slot: call.slotId },
        message: `slot ${call.slotId} was used, the table ends at ${limit}; ${answerText(call)}`,
      });
    };
    return {
      "call-beyond-table": (call) => {
        const { limit } = call.session?.table(call.channel) ?? { limit: -1 };
        if (call.session?.created == null) return;
        beyond.set(call, limit);
        call.isAwaited = true;
      },
      answer: check,
      "answer-awaited": (call) => {
        // Unless the reply itself says that the table is larger than was known.
        if (isBeyondTable(call)) check(call);
      },
      unanswered: check,
    };
  },
};
