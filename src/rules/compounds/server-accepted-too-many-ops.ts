import { NFS4ERR_TOO_MANY_OPS } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { exchangeReport } from "../whole-answer.ts";

/** A compound beyond ca_maxoperations ran to its end. */
export const serverAcceptedTooManyOps: Rule = {
  id: "server-accepted-too-many-ops",
  severity: "error",
  fault: "server",
  title: "The server ran more operations than the session allows",
  rfc: "RFC 8881 18.36.3",
  help: {
    means:
      "The compound has more operations than the ca_maxoperations that the server itself granted, and results came for those beyond the limit instead of NFS4ERR_TOO_MANY_OPS.",
    hurts:
      "The limit means nothing: a client that relies on it finds out with another server, or with the next release.",
    todo: "In the server, compare the number of operations with the session's own limit, not with a global one.",
    seenIn: "DittoFS knows only a global limit of 128",
  },
  downgrades: { V: "off" },
  watch: ({ report }) => ({
    "channel-limits"({ call, granted }) {
      const { operationCount, reply } = call;
      if (operationCount <= granted.maxOperations || reply === null || reply.status === NFS4ERR_TOO_MANY_OPS) return;
      const { length } = reply.results.numbers;
      if (length <= granted.maxOperations) return;
      const message = `${length} of ${operationCount} operations were run, where ca_maxoperations is ${granted.maxOperations}`;
      report(exchangeReport(call, message, { status: [NFS4ERR_TOO_MANY_OPS] }));
    },
  }),
};
