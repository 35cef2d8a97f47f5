import type { Call } from "../../session/call.ts";
import { misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";

/** The first request on a fresh slot carries sequence id 0 */
export const seqidZeroFirst: Rule = {
  id: "seqid-zero-first",
  severity: "error",
  fault: "client",
  title: "The first request on a fresh slot carries sequence id 0",
  rfc: "RFC 8881 18.36.3, 18.36.4",
  help: {
    means:
      "Slots start at 0 with a made-up cached reply, so that a request with 0 meets NFS4ERR_SEQ_MISORDERED and is never executed; the first request carries 1.",
    hurts: "The request is not executed. Servers differ in what they answer.",
    todo: "In the client, count up before sending, not after.",
    seenIn:
      "answers other than NFS4ERR_SEQ_MISORDERED: nfs-ganesha, DittoFS (NFS4ERR_RETRY_UNCACHED_REP on SEQUENCE), nfs4j (NFS4_OK if alone), old FreeBSD servers execute it",
  },
  downgrades: { G: "off", H: 1 },
  watch({ report }) {
    const check = (call: Call) => {
      if (call.verdict !== "zero-first") return;
      report(misordered(call, 1, `slot ${call.slotId} of a new session began with seq 0 instead of 1`));
    };
    return { answer: check, unanswered: check };
  },
};
