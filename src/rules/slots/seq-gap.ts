import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { isNotRefuted, misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";

/** A sequence id jumped ahead */
export const seqGap: Rule = {
  id: "seq-gap",
  severity: "error",
  fault: "client",
  title: "A sequence id jumped ahead",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "The requester skipped one or more sequence ids on this slot. Each new request must carry the last one plus one.",
    hurts:
      "From here on requester and replier disagree about the slot: it answers nothing but NFS4ERR_SEQ_MISORDERED until the session is replaced, and whoever waits for it hangs.",
    todo: "In the client, look for requests that were counted but never sent (failed to encode, killed while queued), and for two threads that share a slot.",
  },
  pynfs: ["SEQ13"],
  downgrades: { M: 1, G: "off", H: 1, U: 1 },
  supersedes: ["seq-misordered"],
  watch({ report }) {
    const check = (call: Call) => {
      const { slot, distance, lastSeqBefore: last } = call;
      if (call.verdict !== "ahead" || slot === null || slot.recoveringFrom !== null || !isNotRefuted(call)) return;
      const missing = distance - 1;
      const requests = missing === 1 ? "1 request" : `${missing} requests`;
      report({
        ...misordered(
          call,
          nextSeq(last),
          `slot ${call.slotId} jumped from seq ${last} to ${call.seq}, ${requests} missing`,
        ),
        ...(call.reply === null ? { because: ["U"] as const } : {}),
      });
    };
    return { answer: check, unanswered: check };
  },
};
