import type { Call } from "../../session/call.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import { OBSERVED_SLOTS_MAX, type ObservedSlotTable } from "../../session/observed-slot-table.ts";
import type { Rule } from "../rule.ts";

/**
 * A lower slot that was used before and has been free for longer than the round trip, and than a reply can wait in
 * a busy client before its slot is given back. Where there is none, none can be for as long as the oldest reply is young.
 */
function idleBelow({ slotId, at, connection }: Call, table: ObservedSlotTable, idleNanos: number): ObservedSlot | null {
  const patience = Math.max(idleNanos, Number.isFinite(connection.roundTripNanos) ? connection.roundTripNanos : 0);
  let oldest = at;
  for (let id = 0; id < slotId; id++) {
    const slot = table.slots[id];
    const reply = slot?.current?.reply;
    if (reply == null) continue;
    if (!slot.isBusy && slot.refused === null && !slot.wasRetired && at - reply.at > patience) return slot;
    if (reply.at < oldest) oldest = reply.at;
  }
  table.spareLook(slotId, oldest + idleNanos);
  return null;
}

/** A request used a higher slot while a lower one was free */
export const slotNotLowest: Rule = {
  id: "slot-not-lowest",
  severity: "note",
  fault: "client",
  title: "A request used a higher slot while a lower one was free",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means: "A requester should use the lowest free slot, so that the replier can give up the upper ones.",
    hurts: "The replier has to keep a larger table than is needed.",
    todo: "Nothing, unless memory on the server is short.",
    seenIn: "clients that divide slots among threads (chimera)",
  },
  downgrades: { O: 1, H: 1, G: "off" },
  options: { idleMilliseconds: 100 },
  watch({ report, option }) {
    const idleNanos = option("idleMilliseconds") * 1e6;
    return {
      "slot-skipped": (call) => {
        const { session, slotId, slot } = call;
        const idle = slot === null ? null : idleBelow(call, slot.table, idleNanos);
        if (session === null || idle === null) return;
        // Once is enough.
        idle.table.spareLook(OBSERVED_SLOTS_MAX, Number.POSITIVE_INFINITY);
        report({
          session,
          connection: call.connection,
          since: session.firstSeen.at,
          frames: [call],
          message: `slot ${slotId} was used (seq ${call.seq}) while slot ${idle.id} was free`,
        });
      },
    };
  },
};
