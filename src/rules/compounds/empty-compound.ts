import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** A COMPOUND without operations. */
export const emptyCompound: Rule = {
  id: "empty-compound",
  severity: "note",
  fault: "client",
  title: "A compound has no operations",
  rfc: "RFC 8881 16.2",
  help: {
    means: "The COMPOUND has an empty list of operations. It is legal, and the answer is NFS4_OK with no results.",
    hurts: "Not at all, but it does nothing either: no SEQUENCE, so that the lease is not renewed.",
    todo: "To see whether a server is alive use the NULL procedure; to renew the lease a lone SEQUENCE.",
  },
  pynfs: ["COMP1"],
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "empty") return;
      report(formReport(call, fault, `a COMPOUND of minor version ${call.minorVersion} without operations`));
    },
  }),
};
