import { statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { wrongRefusal } from "../refused-size.ts";
import type { Rule } from "../rule.ts";
import { outcome } from "../whole-answer.ts";

/** A refusal for size of what is within the limits. */
export const reqTooBigWrong: Rule = {
  id: "req-too-big-wrong",
  severity: "warning",
  fault: "server",
  title: "The server refused for its size what is within the session's limits",
  rfc: "RFC 8881 2.10.6.4, 18.36.3",
  help: {
    means:
      "NFS4ERR_REQ_TOO_BIG, NFS4ERR_TOO_MANY_OPS, NFS4ERR_REP_TOO_BIG or NFS4ERR_REP_TOO_BIG_TO_CACHE came for a request that is within what CREATE_SESSION's reply granted. Of replies this is said only where even the longest possible one would fit, or where nothing was to be cached.",
    hurts: "The client cannot know what would be small enough: the operation fails for good, as an I/O error.",
    todo: "In the server, grant in CREATE_SESSION what it really takes, and compare with that.",
  },
  downgrades: { V: "off" },
  watch: ({ report, argsOf }) => ({
    "channel-limits"({ call, granted }) {
      const why = wrongRefusal(call, granted, argsOf);
      if (why === null || call.reply === null) return;
      report({
        call,
        since: call.at,
        frames: exchangeFrames(call),
        expected: { text: "any other answer" },
        ...outcome(call),
        message: `${statusName(call.reply.status)} to a request although ${why}`,
      });
    },
  }),
};
