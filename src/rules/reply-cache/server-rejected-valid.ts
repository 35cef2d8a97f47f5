import { NFS4_OK, NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_SEQ_MISORDERED, statusName } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isFirstUse } from "../first-use.ts";
import { firstAccepted } from "../replay.ts";
import type { Rule } from "../rule.ts";

/** The next sequence id on an idle slot is never wrong. */
export const serverRejectedValid: Rule = {
  id: "server-rejected-valid",
  severity: "error",
  fault: "server",
  title: "The server refused the right sequence id",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "The request carried the next sequence id of a slot whose last reply had been sent, and SEQUENCE failed with NFS4ERR_SEQ_MISORDERED or NFS4ERR_SEQ_FALSE_RETRY: the server's slot stands elsewhere.",
    hurts:
      "The client cannot know what sequence id the server wants. The slot is lost, and whoever waits for it hangs until the session is replaced.",
    todo: "In the server, look for a slot that is moved without a reply, or not moved with one; on a cluster, for a node that took over without the slot tables.",
    seenIn: "nodes that take over an address; nfs4j keeps no in-use state",
  },
  downgrades: { M: 1, G: "off", H: 1 },
  oncePerUpheaval: true,
  watch({ report, isOrdered }) {
    const isIdle = (call: Call) => {
      if (call.previous === null) return isFirstUse(call);
      const accepted = firstAccepted(call.previous);
      if (accepted === null || accepted.reply.at > call.at) return false;
      const restart = call.session?.server.restarts.at(-1);
      if (restart !== undefined && restart.at >= accepted.reply.at) return false;
      return isOrdered(accepted.reply, accepted.connection, call, call.connection);
    };
    return {
      answer(call) {
        const { verdict, distance, slot, reply, previous } = call;
        if (verdict !== "new" || distance !== 1 || slot === null || slot.recoveringFrom !== null) return;
        const status = reply?.sequenceStatus;
        if (reply === null || (status !== NFS4ERR_SEQ_MISORDERED && status !== NFS4ERR_SEQ_FALSE_RETRY)) return;
        // After a refusal by the RPC layer nobody knows what became of the request.
        if (slot.refused !== null && slot.refused.reply?.rpcError != null) return;
        if (!isIdle(call)) return;
        report({
          call,
          ...(previous === null ? {} : { since: previous.at }),
          frames: [...(previous === null ? [] : exchangeFrames(previous)), ...exchangeFrames(call)],
          expected: { seq: call.seq, status: [NFS4_OK] },
          actual: { seq: call.seq, status: [status] },
          message: `slot ${call.slotId}: seq ${call.seq} was refused with ${statusName(status)} although ${previous === null ? "the slot was never used before" : `${previous.seq} had been answered`}`,
        });
      },
    };
  },
};
