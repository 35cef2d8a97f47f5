import { NFS4ERR_REP_TOO_BIG } from "../../nfs4/constants.ts";
import { isReplyTooBig, overlongReport } from "../refused-size.ts";
import type { Rule } from "../rule.ts";

/** A reply beyond ca_maxresponsesize. */
export const repTooBig: Rule = {
  id: "rep-too-big",
  severity: "error",
  fault: "server",
  title: "A reply is longer than the session allows",
  rfc: "RFC 8881 2.10.6.4, 18.36.3",
  help: {
    means:
      "The client said, and the server granted, how long a reply on this channel may be (ca_maxresponsesize, with the RPC header). The reply is longer and does not say NFS4ERR_REP_TOO_BIG. A few hundred bytes are a note: verifiers are easily forgotten in the sum.",
    hurts:
      "A client that takes the limit at its word has no room for the reply: it drops it, or the connection with it.",
    todo: "In the server, count the whole RPC reply, and stop with NFS4ERR_REP_TOO_BIG at the operation that would exceed the limit.",
  },
  options: { slackBytes: 400 },
  downgrades: { V: "off" },
  watch({ report, option }) {
    const slack = option("slackBytes");
    return {
      "channel-limits"({ call, granted }) {
        const { reply } = call;
        if (reply === null || reply.length <= granted.maxResponseSize) return;
        // "even if the response would still exceed ca_maxresponsesize". §2.10.6.4
        if (isReplyTooBig(reply.status)) return;
        const limit = granted.maxResponseSize;
        report(
          overlongReport(call, reply.length, {
            attribute: "ca_maxresponsesize",
            limit,
            slack,
            status: NFS4ERR_REP_TOO_BIG,
          }),
        );
      },
    };
  },
};
