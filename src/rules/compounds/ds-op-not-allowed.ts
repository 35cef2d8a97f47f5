import { OP_RECLAIM_COMPLETE, operationName } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** A server that is nothing but a pNFS data server was asked for more. */
export const dsOpNotAllowed: Rule = {
  id: "ds-op-not-allowed",
  severity: "error",
  fault: "client",
  title: "A data server was sent an operation that is not for data servers",
  rfc: "RFC 8881 13.6, 13.1, RFC 7862 3.3.1",
  help: {
    means:
      "EXCHANGE_ID said that the server is a pNFS data server and nothing else (EXCHGID4_FLAG_USE_PNFS_DS alone). Such a one may only be sent the operations that keep sessions, and PUTFH, READ, WRITE, COMMIT (in NFSv4.2 also IO_ADVISE, READ_PLUS, SEEK, WRITE_SAME). RECLAIM_COMPLETE, which some clients send to every server, is only worth a note.",
    hurts: "The server must refuse it with NFS4ERR_NOTSUPP: the file is not where the client looks for it.",
    todo: "In the client, send everything but I/O to the metadata server.",
    seenIn: "RECLAIM_COMPLETE: Linux clients",
  },
  downgrades: { V: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "ds-op-not-allowed") return;
      const found = formReport(call, fault, `${operationName(fault.operation)} was sent to a data server`);
      report(fault.operation === OP_RECLAIM_COMPLETE ? { ...found, severity: "note" } : found);
    },
  }),
};
