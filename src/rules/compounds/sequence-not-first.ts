import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** SEQUENCE in the middle of a compound. */
export const sequenceNotFirst: Rule = {
  id: "sequence-not-first",
  severity: "error",
  fault: "client",
  title: "SEQUENCE is not the first operation",
  rfc: "RFC 8881 18.46.3",
  help: {
    means: "SEQUENCE stands at the second place or later in a compound. It may only come first, and once.",
    hurts:
      "The server stops there with NFS4ERR_SEQUENCE_POS; what came before it may have been executed outside any session.",
    todo: "In the client, start each compound with its one SEQUENCE.",
  },
  pynfs: ["SEQ2"],
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "sequence-not-first") return;
      const { misplacedSequence, numbers } = call.operations;
      report(formReport(call, fault, `SEQUENCE is operation ${misplacedSequence + 1} of ${numbers.length}`));
    },
  }),
};
