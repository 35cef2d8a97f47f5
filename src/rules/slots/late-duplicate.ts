import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";
import { xidText } from "../xid-text.ts";

/** An old request came once more, late */
export const lateDuplicate: Rule = {
  id: "late-duplicate",
  severity: "note",
  fault: "network",
  title: "An old request came once more, late",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "The same bytes with the same xid as a request that was answered and superseded long before: a copy that was delayed on its way, not a decision of the client.",
    hurts: "It does no harm: a correct server answers NFS4ERR_SEQ_MISORDERED.",
    todo: "Nothing, unless there are many: then look at the network path.",
  },
  downgrades: { O: 1 },
  supersedes: ["seq-behind", "seq-misordered"],
  watch({ report }) {
    const check = (call: Call) => {
      const { copyOf } = call;
      if (copyOf === null) return;
      const text = `slot ${call.slotId} got seq ${call.seq} (xid ${xidText(call.xid)}) once more after it was superseded`;
      report(misordered(call, nextSeq(call.lastSeqBefore), text, copyOf));
    };
    return { answer: check, unanswered: check };
  },
};
