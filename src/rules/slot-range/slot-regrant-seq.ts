import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule } from "../rule.ts";

/** The RFC does not say where the sequence id of a slot starts that was taken away and granted again. */
export const slotRegrantSeq: Rule = {
  id: "slot-regrant-seq",
  severity: "note",
  fault: "client",
  title: "A slot that was taken away and granted again is in use",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "The server's highest slot fell below this slot and rose again. The client now starts it at sequence id 1, or goes on from where it was: the RFC leaves it open, and the server has to understand what the client does.",
    hurts: "Nothing by itself. Where client and server differ the slot answers NFS4ERR_SEQ_MISORDERED from here on.",
    todo: "Nothing, unless requests on the slot fail: then compare how both sides begin a slot that comes back.",
    seenIn: "Linux clients start again at 1; Linux servers since 6.14 accept both",
  },
  downgrades: { M: 1, G: "off" },
  watch({ report }) {
    const told = new WeakSet<ObservedSession>();
    return {
      "slot-regranted": ({ call, lastSeq }) => {
        const { session, seq, slotId } = call;
        const isStart = seq === 1;
        if (session === null || told.has(session) || (!isStart && seq !== (lastSeq + 1) >>> 0)) return;
        told.add(session);
        report({
          session,
          connection: call.connection,
          since: session.firstSeen.at,
          frames: [call],
          actual: { slot: slotId, seq },
          message: `slot ${slotId}, taken away at seq ${lastSeq} and granted again, ${isStart ? "started anew at seq 1" : `went on at seq ${seq}`}`,
        });
      },
    };
  },
};
