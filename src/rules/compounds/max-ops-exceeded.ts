import { NFS4ERR_TOO_MANY_OPS } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { exchangeReport } from "../whole-answer.ts";

/** More operations than the session allows. */
export const maxOpsExceeded: Rule = {
  id: "max-ops-exceeded",
  severity: "error",
  fault: "client",
  title: "A compound has more operations than the session allows",
  rfc: "RFC 8881 18.36.3, 15.1.3.11",
  help: {
    means:
      "CREATE_SESSION's reply granted ca_maxoperations for the fore channel; this compound has more, SEQUENCE included.",
    hurts: "The server must answer NFS4ERR_TOO_MANY_OPS, so that nothing behind the limit, or nothing at all, is done.",
    todo: "In the client, build compounds by the granted value; the server may have lowered the one that was asked for.",
  },
  pynfs: ["SEQ7"],
  downgrades: { V: "off" },
  watch: ({ report }) => ({
    "channel-limits"({ call, granted }) {
      const { operationCount, formFault } = call;
      if (operationCount <= granted.maxOperations || formFault?.kind === "undecodable") return;
      const message = `${operationCount} operations, where ca_maxoperations is ${granted.maxOperations}`;
      report(exchangeReport(call, message, { status: [NFS4ERR_TOO_MANY_OPS] }));
    },
  }),
};
