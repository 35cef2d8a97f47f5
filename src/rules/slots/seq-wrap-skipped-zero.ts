import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { isNotRefuted, misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";
import { isWrongWrap } from "../wrap.ts";

/** The sequence id skipped 0 when it wrapped */
export const seqWrapSkippedZero: Rule = {
  id: "seq-wrap-skipped-zero",
  severity: "error",
  fault: "client",
  title: "The sequence id skipped 0 when it wrapped",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "After 0xffffffff comes 0, then 1. The requester went straight to 1, or went back to the beginning too early, like a signed counter.",
    hurts:
      "From here on requester and replier disagree about the slot: it answers nothing but NFS4ERR_SEQ_MISORDERED until the session is replaced, and whoever waits for it hangs.",
    todo: "In the client, let the counter wrap as an unsigned 32-bit number; 0 is not reserved.",
    seenIn: "Linux callback channel before 2016",
  },
  downgrades: { M: 1, G: "off" },
  supersedes: ["seq-gap", "seq-behind"],
  watch({ report }) {
    const check = (call: Call) => {
      const { lastSeqBefore: last, seq } = call;
      if ((call.verdict !== "ahead" && call.verdict !== "behind") || !isWrongWrap(call) || !isNotRefuted(call)) return;
      report(
        misordered(call, nextSeq(last), `slot ${call.slotId} wrapped from seq ${last} to ${seq}, not ${nextSeq(last)}`),
      );
    };
    return { answer: check, unanswered: check };
  },
};
