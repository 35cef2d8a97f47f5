import type { Call } from "../../session/call.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isSameRequest, isSameUser, isSettledByError } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** A retry differs from its original in sa_cachethis */
export const falseRetryCachethis: Rule = {
  id: "false-retry-cachethis",
  severity: "warning",
  fault: "client",
  title: "A retry differs from its original in sa_cachethis",
  rfc: "RFC 8881 2.10.6.1.3.1",
  help: {
    means:
      "The request is the same but for sa_cachethis. The RFC does not say whether that is still a retry; the Linux server says it is not.",
    hurts: "The retry may be refused with NFS4ERR_SEQ_FALSE_RETRY.",
    todo: "In the client, keep sa_cachethis when a request is encoded again.",
    seenIn: "refused by the Linux server",
  },
  downgrades: { T: "off", G: "off" },
  watch({ report }) {
    const check = (call: Call) => {
      const { original } = call;
      if (original === null || call.cachethis === original.cachethis || isSettledByError(call)) return;
      if (!isSameRequest(call, original) || !isSameUser(call, original)) return;
      report({
        call,
        since: original.at,
        frames: [original, ...exchangeFrames(call)],
        expected: { text: `sa_cachethis ${original.cachethis}` },
        actual: { ...answered(call), text: `sa_cachethis ${call.cachethis}` },
        message: `slot ${call.slotId}: seq ${call.seq} was sent again with sa_cachethis ${call.cachethis ? "set" : "clear"}, unlike the original`,
      });
    };
    return { answer: check, unanswered: check };
  },
};
