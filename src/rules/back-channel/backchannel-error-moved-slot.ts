import { NFS4ERR_SEQ_MISORDERED, statusName } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import { answered, answerText } from "../answer.ts";
import { onBackChannel } from "../callback-words.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isPlainRefusal } from "../refusals.ts";
import type { Rule } from "../rule.ts";

/** A refused callback leaves the slot where it was, for the server too. */
export const backchannelErrorMovedSlot: Rule = {
  id: "backchannel-error-moved-slot",
  severity: "error",
  fault: "server",
  title: "The server went on to the next sequence id after CB_SEQUENCE had failed",
  rfc: "RFC 8881 20.9.3",
  help: {
    means:
      "CB_SEQUENCE failed, which leaves the slot as it was: the next callback on it has to carry the same sequence id. It carries a higher one.",
    hurts:
      "The client refuses this and every further callback on the slot with NFS4ERR_SEQ_MISORDERED. With one slot, as is usual, nothing can be recalled any more, and other clients wait.",
    todo: "In the server, count a callback slot's sequence id up when CB_SEQUENCE has succeeded, not when a callback is sent.",
    seenIn: "nfs-ganesha issue 1360; DittoFS counts each attempt",
  },
  downgrades: { G: "off", M: 1 },
  channel: "back",
  supersedes: ["backchannel-seq-gap", "backchannel-seq-misordered", "backchannel-retry-new-seq"],
  watch({ report }) {
    const refusals = new WeakMap<ObservedSlot, Call>();
    const check = (call: Call) => {
      const { slot } = call;
      if (slot === null) return;
      const refused = refusals.get(slot);
      if (isPlainRefusal(call)) refusals.set(slot, call);
      if (refused === undefined || call.verdict !== "ahead" || refused.lastSeqBefore !== call.lastSeqBefore) return;
      const reason = statusName(refused.reply?.sequenceStatus ?? NO_STATUS);
      report({
        call,
        since: refused.at,
        frames: [...exchangeFrames(refused), ...exchangeFrames(call)],
        expected: { seq: refused.seq, status: [NFS4ERR_SEQ_MISORDERED] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${refused.seq} was refused with ${reason}, the server went on with ${call.seq}; ${onBackChannel(answerText(call))}`,
      });
    };
    return { answer: check, unanswered: check };
  },
};
