import type { Rule } from "../rule.ts";

/** A slot's sequence id wrapped through 0 */
export const seqWrap: Rule = {
  id: "seq-wrap",
  severity: "note",
  fault: "none",
  title: "A slot's sequence id wrapped through 0",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means: "The slot has carried more than four billion requests; after 0xffffffff comes 0.",
    hurts: "It does not, but the moment is rare, and implementations have failed at it.",
    todo: "Nothing.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "sequence-wrapped": (call) =>
      report({ call, frames: [call], message: `slot ${call.slotId} wrapped from seq 4294967295 to 0` }),
  }),
};
