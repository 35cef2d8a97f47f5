import { operationName } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** OPEN_CONFIRM, RENEW, SETCLIENTID, SETCLIENTID_CONFIRM, RELEASE_LOCKOWNER. */
export const v40Op: Rule = {
  id: "v40-op",
  severity: "error",
  fault: "client",
  title: "An operation of NFSv4.0 only in a later minor version",
  rfc: "RFC 8881 8.8, 18.46.3",
  help: {
    means:
      "OPEN_CONFIRM, RENEW, SETCLIENTID, SETCLIENTID_CONFIRM and RELEASE_LOCKOWNER were taken out of NFSv4.1: sessions do their work. A client must not send them in minor version 1 or above.",
    hurts:
      "The server answers NFS4ERR_NOTSUPP and leaves out all that follows in the compound; a client that waits for RENEW to work loses its lease.",
    todo: "In the client, use EXCHANGE_ID and CREATE_SESSION for SETCLIENTID, SEQUENCE for RENEW, FREE_STATEID for RELEASE_LOCKOWNER, and drop OPEN_CONFIRM.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "v40-op") return;
      const { index, operation } = fault;
      const where = `operation ${index + 1} of ${call.operationCount} in minor version ${call.minorVersion}`;
      report(formReport(call, fault, `${operationName(operation)} is ${where}`));
    },
  }),
};
