import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { isNotRefuted, misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";

/** A distance of -1. */
const ONE_BEHIND = 0xffff_ffff;

/**
 * With the request before interrupted the slot can stand at it or one before: then one behind is another rule's
 * matter (seq-misordered), and only the server's word settles what is further behind.
 */
function isProven({ previous, slotWasBusy, distance, reply }: Call): boolean {
  if (previous === null) return false;
  return previous.wasAccepted || (reply !== null && (slotWasBusy || distance !== ONE_BEHIND));
}

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
  supersedes: ["seq-misordered"],
  watch({ report }) {
    const check = (call: Call) => {
      const { slot, lastSeqBefore: last } = call;
      if (call.verdict !== "behind" || slot === null || slot.recoveringFrom !== null || !isNotRefuted(call)) return;
      if (!isProven(call)) return;
      const by = (last - call.seq) >>> 0;
      report({
        ...misordered(call, nextSeq(last), `slot ${call.slotId} went back from seq ${last} to ${call.seq} (by ${by})`),
        ...(call.reply === null ? { because: ["O"] as const } : {}),
      });
    };
    return { answer: check, unanswered: check };
  },
};
