import { operationName } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** A compound that needs a session and names none. */
export const missingSequence: Rule = {
  id: "missing-sequence",
  severity: "error",
  fault: "client",
  title: "A compound does not start with SEQUENCE",
  rfc: "RFC 8881 18.46.3, 15.1.3.5",
  help: {
    means:
      "From minor version 1 on every compound starts with SEQUENCE; only EXCHANGE_ID, CREATE_SESSION, BIND_CONN_TO_SESSION, DESTROY_SESSION and DESTROY_CLIENTID may be sent without it, each alone. This compound starts with another operation.",
    hurts:
      "A correct server refuses it with NFS4ERR_OP_NOT_IN_SESSION. One that runs it does so without exactly-once semantics and without renewing the lease.",
    todo: "In the client, put SEQUENCE in front; code that was written for NFSv4.0 often forgets it.",
  },
  pynfs: ["SEQ11"],
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "missing-sequence") return;
      report(formReport(call, fault, `the compound starts with ${operationName(fault.operation)}, not with SEQUENCE`));
    },
  }),
};
