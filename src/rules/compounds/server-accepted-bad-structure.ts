import { operationName, statusName } from "../../nfs4/constants.ts";
import type { FormFaultKind } from "../../session/form-fault.ts";
import type { Rule, Severity } from "../rule.ts";
import { formReport, operationsDone } from "../whole-answer.ts";

/** BIND_CONN_TO_SESSION behind SEQUENCE has no status of its own in the RFC: letting it pass is no breach. */
const SEVERITIES: Partial<Record<FormFaultKind, Severity>> = {
  "sequence-not-first": "error",
  "missing-sequence": "error",
  "not-only-op": "error",
  "bind-in-sequence": "note",
};

/** The server ran an operation that stood where it must not. */
export const serverAcceptedBadStructure: Rule = {
  id: "server-accepted-bad-structure",
  severity: "error",
  fault: "server",
  title: "The server ran an operation that stood where it must not",
  rfc: "RFC 8881 18.46.3, 18.34.3, 18.35.3, 18.36.3, 18.37.3, 18.50.3",
  help: {
    means:
      "The compound lacked SEQUENCE, had it in the wrong place, or had more operations with one that must be alone; the server has to refuse it and did not (a note for BIND_CONN_TO_SESSION behind SEQUENCE, for which the RFC names no status).",
    hurts:
      "What runs outside a session has no slot and no reply cache: when it is sent again it is done again. The client's mistake stays unseen until it meets another server.",
    todo: "In the server, check the form of a compound before its first operation runs.",
    seenIn: "DittoFS does not check for NFS4ERR_NOT_ONLY_OP; nfs4j not for DESTROY_SESSION",
  },
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      const severity = SEVERITIES[fault.kind];
      // The reply to a false retry has the operations of another request.
      const isAnswered = call.reply?.results.numbers[fault.index] === fault.operation;
      if (severity === undefined || !isAnswered || operationsDone(call) <= fault.index) return;
      const name = operationName(fault.operation);
      const right = fault.statuses.map(statusName).join(" or ");
      const message = `${name} at place ${fault.index + 1} succeeded, where ${right} is right`;
      report({ ...formReport(call, fault, message), severity });
    },
  }),
};
