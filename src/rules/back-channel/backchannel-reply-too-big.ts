import { NFS4ERR_REP_TOO_BIG } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A verifier may be that long: it is not known when the limit is applied. RFC 5531 §8.2 */
const VERIFIER_BYTES_MAX = 400;

/** ca_maxresponsesize of the back channel. */
export const backchannelReplyTooBig: Rule = {
  id: "backchannel-reply-too-big",
  severity: "error",
  fault: "client",
  title: "The reply to a callback is larger than the back channel takes",
  rfc: "RFC 8881 2.10.6.4, 18.36.3",
  help: {
    means:
      "ca_maxresponsesize of the back channel limits the whole RPC reply to a callback. The client has to answer NFS4ERR_REP_TOO_BIG instead of a longer one. Up to 400 bytes more are only a note: authentication may take them.",
    hurts: "The server may have no buffer for the reply and lose it, or the connection.",
    todo: "In the client, add up the results before sending them.",
  },
  downgrades: { V: "off" },
  channel: "back",
  watch: ({ report }) => ({
    "channel-limits"({ call, granted }) {
      const { reply } = call;
      const most = granted.maxResponseSize;
      if (reply === null || reply.length <= most || reply.status === NFS4ERR_REP_TOO_BIG) return;
      report({
        call,
        ...(reply.length <= most + VERIFIER_BYTES_MAX ? { severity: "note" as const } : {}),
        frames: exchangeFrames(call),
        expected: { status: [NFS4ERR_REP_TOO_BIG], text: `at most ${most} bytes` },
        actual: { text: `${reply.length} bytes` },
        message: `slot ${call.slotId}: the reply to a callback has ${reply.length} bytes, ca_maxresponsesize of the back channel is ${most}`,
      });
    },
  }),
};
