import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { isNotRefuted, misordered } from "../answer.ts";
import { isLateCopy } from "../late-copy.ts";
import type { Rule } from "../rule.ts";

/** A sequence id fell behind */
export const seqBehind: Rule = {
  id: "seq-behind",
  severity: "error",
  fault: "client",
  title: "A sequence id fell behind",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "The requester used a sequence id older than the slot's last one; its reply was acknowledged by the request that followed and is gone from the reply cache.",
    hurts:
      "From here on requester and replier disagree about the slot: it answers nothing but NFS4ERR_SEQ_MISORDERED until the session is replaced, and whoever waits for it hangs.",
    todo: "In the client, look for a slot counter that was set back after an error, and for two threads that share a slot.",
    seenIn: "the Linux client while it recovers from an interrupted request",
  },
  pynfs: ["SEQ13"],
  downgrades: { M: 1, G: "off", H: 1, O: 1 },
  watch({ report }) {
    const check = (call: Call) => {
      const { slot, previous, lastSeqBefore: last } = call;
      if (call.verdict !== "behind" || slot === null || slot.recoveringFrom !== null || !isNotRefuted(call)) return;
      if (isLateCopy(call) || previous === null || !previous.wasAccepted) return;
      const by = (last - call.seq) >>> 0;
      report({
        ...misordered(call, nextSeq(last), `slot ${call.slotId} went back from seq ${last} to ${call.seq} (by ${by})`),
        ...(call.reply === null ? { because: ["O"] as const } : {}),
      });
    };
    return { answer: check, unanswered: check };
  },
};
