import { NFS4ERR_TOO_MANY_OPS } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";

/** ca_maxoperations of the back channel. */
export const backchannelTooManyOps: Rule = {
  id: "backchannel-too-many-ops",
  severity: "error",
  fault: "server",
  title: "A callback has more operations than the back channel takes",
  rfc: "RFC 8881 18.36.3",
  help: {
    means: "ca_maxoperations of the back channel limits the operations of a CB_COMPOUND, CB_SEQUENCE included.",
    hurts: "The client refuses it with NFS4ERR_TOO_MANY_OPS: nothing of it is executed.",
    todo: "In the server, spread what it has to tell over several callbacks.",
  },
  downgrades: { V: "off" },
  channel: "back",
  watch: ({ report }) => ({
    "channel-limits"({ call, granted }) {
      const most = granted.maxOperations;
      const { operationCount } = call;
      if (operationCount <= most) return;
      report({
        call,
        frames: [call],
        expected: { status: [NFS4ERR_TOO_MANY_OPS], text: `at most ${most} operations` },
        actual: { text: `${operationCount} operations` },
        message: `slot ${call.slotId}: a callback of ${operationCount} operations, ca_maxoperations of the back channel is ${most}`,
      });
    },
  }),
};
