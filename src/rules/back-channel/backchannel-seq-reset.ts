import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { answered, answerText } from "../answer.ts";
import { onBackChannel } from "../callback-words.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { isWrongWrap } from "../wrap.ts";

/** Sequence ids go on as long as the slot is not taken away. */
export const backchannelSeqReset: Rule = {
  id: "backchannel-seq-reset",
  severity: "error",
  fault: "server",
  title: "A callback slot began anew at sequence id 1",
  rfc: "RFC 8881 20.9.3",
  help: {
    means:
      "The server set the sequence id of a callback slot back to 1 in the middle of the session, although the client had never taken the slot away. Where the client had lowered csr_highest_slotid or csr_target_highest_slotid below the slot since its last use, a new beginning is legal, and only a note.",
    hurts:
      "The client refuses it with NFS4ERR_SEQ_MISORDERED, or takes it for a retry and answers from its cache without executing it.",
    todo: "In the server, do not guess after NFS4ERR_SEQ_MISORDERED: give the slot up, or say SEQ4_STATUS_BACKCHANNEL_FAULT.",
    seenIn:
      "the Linux server until 2025, after NFS4ERR_SEQ_MISORDERED; since then only slots that the client let grow back",
  },
  downgrades: { G: "off", M: 1, H: 1 },
  channel: "back",
  supersedes: ["backchannel-seq-behind", "backchannel-seq-misordered"],
  watch({ report }) {
    const check = (call: Call) => {
      const { lastSeqBefore: last, verdict, slotId } = call;
      // A rule of its own: backchannel-seq-wrap-skipped-zero.
      if (call.seq !== 1 || last <= 1 || call.copyOf !== null || isWrongWrap(call)) return;
      if (verdict !== "behind" && verdict !== "adopted") return;
      const isRegrant = verdict === "adopted" && call.reply?.sequenceStatus === NFS4_OK;
      // A wrap goes through 0.
      if (verdict === "adopted" && !isRegrant) return;
      report({
        call,
        ...(isRegrant ? { severity: "note" as const, fault: "none" as const } : {}),
        since: call.previous?.at ?? call.session?.firstSeen.at ?? call.at,
        frames: [...(call.previous === null ? [] : [call.previous]), ...exchangeFrames(call)],
        expected: { seq: nextSeq(last), status: [NFS4ERR_SEQ_MISORDERED] },
        actual: answered(call),
        message: `slot ${slotId} went back from seq ${last} to 1${isRegrant ? " after the client had taken it away" : ""}; ${onBackChannel(answerText(call))}`,
      });
    };
    return { "answer-clean": check, answer: check, unanswered: check };
  },
};
