import { NFS4_OK } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";

/** The sequence id skipped 0 when it wrapped */
export const seqWrapSkippedZero: Rule = {
  id: "seq-wrap-skipped-zero",
  severity: "error",
  fault: "client",
  title: "The sequence id skipped 0 when it wrapped",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means: "After 0xffffffff comes 0, then 1. The requester went straight to 1.",
    hurts:
      "From here on requester and replier disagree about the slot: it answers nothing but NFS4ERR_SEQ_MISORDERED until the session is replaced, and whoever waits for it hangs.",
    todo: "In the client, let the counter wrap as an unsigned 32-bit number; 0 is not reserved.",
    seenIn: "Linux callback channel before 2016",
  },
  downgrades: { M: 1, G: "off" },
  watch({ report }) {
    const check = (call: Call) => {
      if (
        call.verdict !== "ahead" ||
        call.lastSeqBefore !== 0xffff_ffff ||
        call.seq !== 1 ||
        call.reply?.sequenceStatus === NFS4_OK
      )
        return;
      report(misordered(call, 0, `slot ${call.slotId} wrapped from seq 4294967295 to 1 instead of 0`));
    };
    return { answer: check, unanswered: check };
  },
};
