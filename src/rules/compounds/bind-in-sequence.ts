import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** BIND_CONN_TO_SESSION behind SEQUENCE. */
export const bindInSequence: Rule = {
  id: "bind-in-sequence",
  severity: "error",
  fault: "client",
  title: "BIND_CONN_TO_SESSION follows SEQUENCE",
  rfc: "RFC 8881 18.34.3",
  help: {
    means:
      "BIND_CONN_TO_SESSION must be the only operation of its compound. The SEQUENCE in front of it has already bound the connection to the session, if the server allows that at all.",
    hurts:
      "The RFC names no status for it; servers answer NFS4ERR_NOT_ONLY_OP, and the connection stays without a back channel.",
    todo: "In the client, send BIND_CONN_TO_SESSION alone.",
    seenIn: "The Linux server lets it pass as the last operation",
  },
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "bind-in-sequence") return;
      const place = `operation ${fault.index + 1} of ${call.operationCount}`;
      report(formReport(call, fault, `BIND_CONN_TO_SESSION is ${place}, behind SEQUENCE`));
    },
  }),
};
