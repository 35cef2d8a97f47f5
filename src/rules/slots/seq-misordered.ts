import type { Call } from "../../session/call.ts";
import { isNotRefuted, misordered } from "../answer.ts";
import type { Rule } from "../rule.ts";

/** A distance of -1. */
const ONE_BEHIND = 0xffff_ffff;

/** A sequence id fits neither of the two values that the slot can have */
export const seqMisordered: Rule = {
  id: "seq-misordered",
  severity: "error",
  fault: "client",
  title: "A sequence id fits neither of the two values that the slot can have",
  rfc: "RFC 8881 2.10.6.1, 18.46.3",
  help: {
    means:
      "The request before was never answered, so the slot stands at it or one before; this sequence id was refused although it is the older of the two. Whether it came too early or too late cannot be told.",
    hurts:
      "From here on requester and replier disagree about the slot: it answers nothing but NFS4ERR_SEQ_MISORDERED until the session is replaced, and whoever waits for it hangs.",
    todo: "Compare the client's slot table with the frames named here.",
  },
  downgrades: { M: 1, G: "off", H: 1, U: 1 },
  oncePerUpheaval: true,
  watch({ report }) {
    const check = (call: Call) => {
      const { previous, slot } = call;
      if (call.verdict !== "behind" || call.distance !== ONE_BEHIND || slot === null || slot.recoveringFrom !== null)
        return;
      if (previous === null || previous.wasAccepted || call.slotWasBusy) return;
      if (call.reply === null || !isNotRefuted(call)) return;
      report(
        misordered(
          call,
          previous.seq,
          `slot ${call.slotId} got seq ${call.seq} again behind the unanswered ${previous.seq}`,
        ),
      );
    };
    return { answer: check, unanswered: check };
  },
};
