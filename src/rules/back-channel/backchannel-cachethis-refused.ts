import { NFS4ERR_REP_TOO_BIG_TO_CACHE } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered, answerText } from "../answer.ts";
import { onBackChannel } from "../callback-words.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { SMALLEST_REPLY_BYTES } from "../smallest-messages.ts";

/** More than any reply to a callback takes but one to CB_GETATTR of attributes that no server asks for. */
const ANY_REPLY_BYTES = 2048;

/** What is asked to be cached cannot be: the client is right to refuse. */
export const backchannelCachethisRefused: Rule = {
  id: "backchannel-cachethis-refused",
  severity: "warning",
  fault: "server",
  title: "A callback asks for its reply to be cached where nothing can be",
  rfc: "RFC 8881 2.10.6.4, 18.36.3",
  help: {
    means:
      "csa_cachethis is set although ca_maxresponsesize_cached of the back channel is too small for any reply. The client can do nothing but refuse.",
    hurts:
      "The callback is never executed: the client answers NFS4ERR_REP_TOO_BIG_TO_CACHE, a Linux client NFS4ERR_SEQ_FALSE_RETRY to the retry.",
    todo: "In the server, leave csa_cachethis clear unless the granted ca_maxresponsesize_cached holds the reply.",
  },
  downgrades: { V: "off" },
  channel: "back",
  watch({ report }) {
    const check = (call: Call) => {
      const granted = call.session?.backAttributes.granted ?? null;
      if (!call.cachethis || granted === null) return;
      const most = granted.maxResponseSizeCached;
      const isRefused = call.reply?.status === NFS4ERR_REP_TOO_BIG_TO_CACHE;
      // Where any reply would fit the refusal is the client's own mistake.
      if (most >= (isRefused ? ANY_REPLY_BYTES : SMALLEST_REPLY_BYTES.back)) return;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { status: [NFS4ERR_REP_TOO_BIG_TO_CACHE] },
        actual: answered(call),
        message: `slot ${call.slotId}: a callback is to be cached, ca_maxresponsesize_cached of the back channel is ${most}; ${onBackChannel(answerText(call))}`,
      });
    };
    return { "answer-clean": check, answer: check, unanswered: check };
  },
};
