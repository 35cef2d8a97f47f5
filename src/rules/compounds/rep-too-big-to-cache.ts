import { NFS4_OK, NFS4ERR_REP_TOO_BIG_TO_CACHE } from "../../nfs4/constants.ts";
import { isReplyTooBig, overlongReport } from "../refused-size.ts";
import type { Rule } from "../rule.ts";

/** A reply that was to be cached is beyond ca_maxresponsesize_cached. */
export const repTooBigToCache: Rule = {
  id: "rep-too-big-to-cache",
  severity: "error",
  fault: "server",
  title: "A reply that was to be cached is longer than the cache takes",
  rfc: "RFC 8881 2.10.6.4",
  help: {
    means:
      "The client set sa_cachethis, and the reply is longer than the ca_maxresponsesize_cached that was granted; the server has to answer NFS4ERR_REP_TOO_BIG_TO_CACHE instead. A few hundred bytes are a note.",
    hurts:
      "Nobody knows whether such a reply was cached. If it was not, a retry after a lost connection finds nothing.",
    todo: "In the server, stop at the operation that would exceed the limit, and cache the reply up to it.",
  },
  options: { slackBytes: 400 },
  downgrades: { V: "off" },
  watch({ report, option }) {
    const slack = option("slackBytes");
    return {
      "channel-limits"({ call, granted }) {
        const { reply, first } = call;
        const { maxResponseSizeCached, maxResponseSize } = granted;
        if (!first.cachethis || reply === null || reply.sequenceStatus !== NFS4_OK) return;
        // A reply beyond both limits is told of by rep-too-big.
        if (reply.length <= maxResponseSizeCached || reply.length > maxResponseSize) return;
        if (isReplyTooBig(reply.status)) return;
        report(
          overlongReport(call, reply.length, {
            attribute: "ca_maxresponsesize_cached",
            limit: maxResponseSizeCached,
            slack,
            status: NFS4ERR_REP_TOO_BIG_TO_CACHE,
          }),
        );
      },
    };
  },
};
