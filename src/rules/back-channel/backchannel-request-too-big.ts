import { NFS4ERR_REQ_TOO_BIG } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";

/** ca_maxrequestsize of the back channel. */
export const backchannelRequestTooBig: Rule = {
  id: "backchannel-request-too-big",
  severity: "error",
  fault: "server",
  title: "A callback is larger than the back channel takes",
  rfc: "RFC 8881 2.10.6.4, 18.36.3",
  help: {
    means:
      "ca_maxrequestsize of the back channel limits the whole RPC message of a callback, header and credential included.",
    hurts: "The client refuses it with NFS4ERR_REQ_TOO_BIG, or has no buffer for it and drops the connection.",
    todo: "In the server, send smaller callbacks: fewer notifications or referring calls in each.",
  },
  downgrades: { V: "off" },
  channel: "back",
  watch: ({ report }) => ({
    "channel-limits"({ call, granted }) {
      const most = granted.maxRequestSize;
      if (call.length <= most) return;
      report({
        call,
        frames: [call],
        expected: { status: [NFS4ERR_REQ_TOO_BIG], text: `at most ${most} bytes` },
        actual: { text: `${call.length} bytes` },
        message: `slot ${call.slotId}: a callback of ${call.length} bytes, ca_maxrequestsize of the back channel is ${most}`,
      });
    },
  }),
};
