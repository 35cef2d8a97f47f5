import { statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** The status of a COMPOUND is that of its last result. Results behind an error are ops-after-error. */
export const compoundStatusMismatch: Rule = {
  id: "compound-status-mismatch",
  severity: "error",
  fault: "server",
  title: "The COMPOUND status is not that of its last result",
  rfc: "RFC 8881 16.2.3",
  help: {
    means: "The status of a COMPOUND reply has to equal the status of the last operation in it; it is another one.",
    hurts: "Requesters look at one or the other: the same reply is a success to one client and a failure to the next.",
    todo: "In the replier, set the COMPOUND status from the last result, also when the compound is cut short.",
    seenIn: "DittoFS says NFS4ERR_DELAY behind a successful last result when it drains a connection",
  },
  downgrades: { T: "off" },
  watch: ({ report }) => ({
    "reply-shape"({ call, problem }) {
      if (problem !== "status-contradicts" || call.reply === null) return;
      const { status, lastStatus } = call.reply;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { status: [lastStatus] },
        actual: { status: [status] },
        message: `COMPOUND status ${statusName(status)}, last result ${statusName(lastStatus)}`,
      });
    },
  }),
};
