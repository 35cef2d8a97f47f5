import { NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import { DelayedRequests } from "../delayed-requests.ts";
import type { Rule } from "../rule.ts";

/** A request delayed at SEQUENCE was sent again on another slot */
export const delayOnSequenceNewSlot: Rule = {
  id: "delay-on-sequence-new-slot",
  severity: "note",
  fault: "client",
  title: "A request delayed at SEQUENCE was sent again on another slot",
  rfc: "RFC 8881 15.1.1.3",
  help: {
    means:
      "NFS4ERR_DELAY on SEQUENCE asks for the same request on the same slot and sequence id. The client took another slot; RFC 5661 allowed that.",
    hurts: "The first slot still owes its sequence id; nothing is lost while the client remembers that.",
    todo: "Nothing, unless the first slot is never used again.",
    seenIn: "libnfs leaves SEQUENCE errors to the caller",
  },
  downgrades: {},
  watch({ report }) {
    const delayed = new DelayedRequests();
    return {
      answer(call) {
        if (call.reply?.sequenceStatus === NFS4ERR_DELAY && !call.operations.isLoneSequence) delayed.add(call);
      },
      // On its own slot again: as it should be.
      "call-retry": (call) => void delayed.take(call),
      "call-new-troubled": (call) => {
        const earlier = delayed.take(call);
        if (earlier?.reply == null || earlier.slotId === call.slotId) return;
        report({
          call,
          since: earlier.at,
          frames: [earlier, earlier.reply, call],
          message: `slot ${earlier.slotId} was delayed at SEQUENCE (seq ${earlier.seq}); the request went on as seq ${call.seq} on slot ${call.slotId}`,
        });
      },
    };
  },
};
