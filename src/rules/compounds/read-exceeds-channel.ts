import { NFS4ERR_REP_TOO_BIG, NFS4ERR_REP_TOO_BIG_TO_CACHE } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ChannelAttributes } from "../../session/channel-attributes.ts";
import { isReplyTooBig, wrongRefusal } from "../refused-size.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { exchangeReport } from "../whole-answer.ts";

/** A request whose reply the channel cannot carry. */
export const readExceedsChannel: Rule = {
  id: "read-exceeds-channel",
  severity: "note",
  fault: "client",
  title: "A request asks for a longer reply than the session allows",
  rfc: "RFC 8881 2.10.6.4",
  help: {
    means:
      "READ, READDIR or GETDEVICEINFO ask for more bytes than fit into a reply of the session (ca_maxresponsesize, or ca_maxresponsesize_cached where sa_cachethis is set); or the server found that the results of other operations do not fit.",
    hurts:
      "As soon as there is that much to return the server answers NFS4ERR_REP_TOO_BIG or NFS4ERR_REP_TOO_BIG_TO_CACHE: large reads fail where small ones work.",
    todo: "In the client, take the reply's other parts off the granted size before choosing a count, and leave sa_cachethis clear for large reads.",
  },
  pynfs: ["CSESS26", "CSESS27"],
  downgrades: { V: "off" },
  watch: ({ report, argsOf }) => ({
    "channel-limits"({ call, granted }) {
      const { cachethis, askedBytes, session, connection } = call;
      const isCached = cachethis && granted.maxResponseSizeCached < granted.maxResponseSize;
      const limit = isCached ? granted.maxResponseSizeCached : granted.maxResponseSize;
      if (askedBytes <= limit && !isRightlyRefused(call, granted, argsOf)) return;
      const name = isCached ? "ca_maxresponsesize_cached" : "ca_maxresponsesize";
      const asked = askedBytes > limit ? `asks for a reply of at least ${askedBytes} bytes` : "has too long a reply";
      const message = `a request (slot ${call.slotId}, seq ${call.seq}) ${asked}, where ${name} is ${limit}`;
      const status = isCached ? NFS4ERR_REP_TOO_BIG_TO_CACHE : NFS4ERR_REP_TOO_BIG;
      // A client that reckons wrongly does so on each slot: one finding for the session.
      const { call: _, ...found } = exchangeReport(call, message, { status: [status] });
      report({ ...found, session, connection });
    },
  }),
};

function isRightlyRefused(call: Call, granted: ChannelAttributes, argsOf: RuleContext["argsOf"]): boolean {
  return isReplyTooBig(call.reply?.status) && wrongRefusal(call, granted, argsOf) === null;
}
