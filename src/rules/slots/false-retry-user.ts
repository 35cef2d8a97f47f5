import { NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered, answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isSameRequest, isSameUser, isSettledByError } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { isMaybeSquashed } from "../squashing.ts";

function userText({ principal }: Call): string {
  return principal < 0 ? "nobody (AUTH_NONE)" : `uid ${principal}`;
}

/** A sequence id was used again by another user */
export const falseRetryUser: Rule = {
  id: "false-retry-user",
  severity: "error",
  fault: "client",
  title: "A sequence id was used again by another user",
  rfc: "RFC 8881 2.10.6.1.3.1",
  help: {
    means:
      "The same request came a second time with the credentials of another user. The replier must notice and answer NFS4ERR_SEQ_FALSE_RETRY, else one user reads the reply of another.",
    hurts: "Data or results of one user may reach another.",
    todo: "In the client, never hand a request's slot to a different credential.",
  },
  downgrades: { P: "off", V: 2, G: "off" },
  watch({ report }) {
    const check = (call: Call) => {
      const { original } = call;
      if (original === null || isSettledByError(call)) return;
      if (!isSameRequest(call, original) || isSameUser(call, original)) return;
      report({
        call,
        since: original.at,
        frames: [...exchangeFrames(original), ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_SEQ_FALSE_RETRY] },
        actual: answered(call),
        ...(isMaybeSquashed(call, original) ? { because: ["V"] as const } : {}),
        message: `slot ${call.slotId}: seq ${call.seq} of ${userText(original)} was sent again by ${userText(call)}; ${answerText(call)}`,
      });
    };
    return { answer: check, unanswered: check };
  },
};
