import { NFS4_OK, NFS4ERR_BADSLOT } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** "The server can both retire the slot and return NFS4ERR_BADSLOT (however, the server MUST NOT do one and not the other)." */
export const badslotNotRetired: Rule = {
  id: "badslot-not-retired",
  severity: "error",
  fault: "server",
  title: "A slot was refused as taken away and then served as if it had not been",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "A new request above the lowered limit was answered NFS4ERR_BADSLOT, which is only allowed together with forgetting the slot. Later, with no higher limit named in between, the server answered on this slot from where it had stood.",
    hurts:
      "Client and server disagree whether the slot exists and where its sequence id stands; the next request on it is misordered or replayed.",
    todo: "In the server, free the slot in the same step that answers NFS4ERR_BADSLOT.",
  },
  downgrades: { M: 1, G: "off", H: 1 },
  watch({ report }) {
    const refused = new WeakMap<ObservedSlot, Call>();
    const served = (call: Call) => {
      const { slot, reply, seq, slotId } = call;
      if (slot === null || reply?.sequenceStatus !== NFS4_OK) return;
      const before = refused.get(slot);
      if (before?.reply == null || call.at < before.reply.at) return;
      refused.delete(slot);
      slot.table.watchers--;
      const isOld = seq === before.seq || seq === before.lastSeqBefore;
      if (!isOld || slot.table.limits.lastAtLeast(slotId) >= before.reply.at) return;
      report({
        call,
        since: before.at,
        frames: [...exchangeFrames(before), ...exchangeFrames(call)],
        expected: { seq, status: [NFS4ERR_BADSLOT] },
        actual: { seq, status: [NFS4_OK] },
        message: `slot ${slotId} was refused as taken away (seq ${before.seq}, frame ${before.frame}) and then served with seq ${seq}; no reply had given it back`,
      });
    };
    return {
      "answer-watched": served,
      answer(call) {
        served(call);
        const { slot, reply, distance, lastSeqBefore } = call;
        if (slot === null || reply?.sequenceStatus !== NFS4ERR_BADSLOT || distance !== 1) return;
        // A slot that was never used has nothing to forget.
        if (lastSeqBefore <= 0 || !slot.table.wasLowered || !slot.table.isAboveLimit(slot)) return;
        if (!refused.has(slot)) slot.table.watchers++;
        refused.set(slot, call);
      },
    };
  },
};
