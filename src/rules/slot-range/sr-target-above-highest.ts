import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** The server wishes for slots that it does not accept. */
export const srTargetAboveHighest: Rule = {
  id: "sr-target-above-highest",
  severity: "note",
  fault: "server",
  title: "The target highest slot is above the highest slot that is accepted",
  rfc: "RFC 8881 18.46.3",
  help: {
    means:
      "sr_target_highest_slotid says which slots the server would like to be used, sr_highest_slotid which it accepts. Here the first is larger.",
    hurts: "A client that goes by the target uses slots that may be refused with NFS4ERR_BADSLOT.",
    todo: "In the server, raise sr_highest_slotid before or together with the target, and fill both in on replies to retries as well.",
    seenIn:
      "Linux servers until October 2025 on replies to retries: target 0xFFFFFFFF, highest slot as the client named it",
  },
  downgrades: {},
  watch({ report }) {
    const told = new WeakSet<ObservedSession>();
    return {
      "target-above-limit"(call) {
        const { session, reply } = call;
        if (session === null || reply === null || told.has(session)) return;
        told.add(session);
        const { highestSlotId, targetHighestSlotId } = reply;
        report({
          session,
          connection: call.connection,
          frames: exchangeFrames(call),
          actual: { text: `enforced ${highestSlotId}, target ${targetHighestSlotId}` },
          message: `the reply to slot ${call.slotId} seq ${call.seq} names ${targetHighestSlotId} as target highest_slotid and ${highestSlotId} as the enforced one`,
        });
      },
    };
  },
};
