import { NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Fault, Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

function culprit({ verdict, previous, slot }: Call): Fault {
  if (slot?.anchor !== "created" || (previous !== null && !previous.wasAccepted)) return "unknown";
  if (verdict === "ahead" || verdict === "behind" || verdict === "zero-first") return "client";
  return verdict === "new" ? "server" : "unknown";
}

/** A slot answers nothing but NFS4ERR_SEQ_MISORDERED */
export const misorderedLoop: Rule = {
  id: "misordered-loop",
  severity: "error",
  fault: "unknown",
  title: "A slot answers nothing but NFS4ERR_SEQ_MISORDERED",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "Three or more requests in a row on this slot were refused as misordered, for more than half a minute, and the session was not replaced. Requester and replier do not agree about the slot and do not find back.",
    hurts: "What waits for the slot hangs until the session is replaced.",
    todo: "Look at the finding on the same slot that came before; on the client, unmount or force a new session.",
    seenIn: "nfs-ganesha issue 941: an address taken over by a node that recognised the session id",
  },
  downgrades: { M: 1, G: "off" },
  options: { refusals: 3, stuckSeconds: 30 },
  watch({ report, option }) {
    const refusals = option("refusals");
    const stuckNanos = option("stuckSeconds") * 1e9;
    return {
      answer(call) {
        const { slot, reply } = call;
        if (slot === null || reply?.sequenceStatus !== NFS4ERR_SEQ_MISORDERED || slot.misorderedFirst === null) return;
        if (slot.misorderedRun < refusals || reply.at - slot.misorderedSince <= stuckNanos) return;
        report({
          call,
          since: slot.misorderedFirst.at,
          fault: culprit(call),
          frames: [slot.misorderedFirst, ...exchangeFrames(call)],
          actual: answered(call),
          message: `slot ${call.slotId} got NFS4ERR_SEQ_MISORDERED ${slot.misorderedRun} times in ${seconds(reply.at - slot.misorderedSince)}, now for seq ${call.seq} after ${slot.lastSeq}`,
        });
      },
    };
  },
};
