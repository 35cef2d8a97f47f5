import { operationName } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** An operation number that the minor version does not have. */
export const opBeyondMinor: Rule = {
  id: "op-beyond-minor",
  severity: "error",
  fault: "client",
  title: "An operation that the minor version does not have",
  rfc: "RFC 8881 16.2.3, RFC 8178 8",
  help: {
    means:
      "Numbers below 3 are no operations; NFSv4.0 ends at 39, NFSv4.1 at 58, NFSv4.2 with RFC 8276 at 75. This compound has a number that its minor version does not know. (A note: one of RFC 8276's four operations was refused by a server of an older NFSv4.2.)",
    hurts:
      "The server answers NFS4ERR_OP_ILLEGAL. It cannot even find the end of the operation, so that nothing behind it is done.",
    todo: "In the client, send the operation under the minor version that has it, and only after the server has shown that it knows it.",
    seenIn: "Servers that answer NFS4ERR_NOTSUPP for NFSv4.2's operations in NFSv4.1: DittoFS",
  },
  pynfs: ["COMP5", "SEQ9e"],
  downgrades: {},
  supersedes: ["rpc-garbage-args"],
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      const { kind, index, operation } = fault;
      if (kind !== "op-beyond-minor" && kind !== "extension-refused") return;
      const isRefused = kind === "extension-refused";
      const name = operationName(operation);
      const number = name.endsWith(String(operation)) ? name : `${name} (${operation})`;
      const where = `operation ${index + 1} of ${call.operationCount}`;
      const why = isRefused
        ? "which this server does not know"
        : `which minor version ${call.minorVersion} does not have`;
      const found = formReport(call, fault, `${where} is ${number}, ${why}`);
      // Nobody did wrong: RFC 8276 came after NFSv4.2, and trying is the way to find out.
      report(isRefused ? { ...found, severity: "note", fault: "none" } : found);
    },
  }),
};
