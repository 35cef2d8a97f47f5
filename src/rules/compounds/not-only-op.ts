import { operationName } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** An operation that may lead without SEQUENCE, but then has to be alone. */
export const notOnlyOp: Rule = {
  id: "not-only-op",
  severity: "error",
  fault: "client",
  title: "An operation that has to be alone was sent with others",
  rfc: "RFC 8881 15.1.3.3, 18.34.3, 18.35.3, 18.36.3, 18.37.3, 18.50.3",
  help: {
    means:
      "EXCHANGE_ID, CREATE_SESSION, BIND_CONN_TO_SESSION, DESTROY_SESSION and DESTROY_CLIENTID may come without SEQUENCE only as the one operation of their compound. More follow here.",
    hurts:
      "A correct server answers NFS4ERR_NOT_ONLY_OP and does nothing; another one may do half of it, outside any session.",
    todo: "In the client, send the operation in a compound of its own, or put SEQUENCE in front where that is allowed.",
    seenIn: "Servers that do not check: DittoFS; nfs4j for DESTROY_SESSION",
  },
  pynfs: ["EID8", "CSESS23"],
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "not-only-op") return;
      const name = operationName(fault.operation);
      report(formReport(call, fault, `${name} without SEQUENCE is the first of ${call.operationCount} operations`));
    },
  }),
};
