import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import type { Rule } from "../rule.ts";

/**
 * A lower slot that was used before and has been free for longer than the round trip, and than a reply can wait in
 * a busy client before its slot is given back.
 */
function idleBelow({ slotId, at, connection }: Call, table: ObservedSlotTable, idleNanos: number): ObservedSlot | null {
  const patience = Math.max(idleNanos, Number.isFinite(connection.roundTripNanos) ? connection.roundTripNanos : 0);
  for (let id = 0; id < slotId; id++) {
    const slot = table.slots[id];
    const reply = slot?.current?.reply;
    if (reply != null && !slot.isBusy && slot.refused === null && !slot.wasRetired && at - reply.at > patience)
      return slot;
  }
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
    const told = new WeakSet<ObservedSession>();
    return {
      "call-new": (call) => {
        const { session, slotId, channel } = call;
        if (session === null || told.has(session)) return;
        const table = session.table(channel);
        // With as many other calls outstanding as there are lower slots none of those need be free.
        const idle = table.outstanding > slotId ? null : idleBelow(call, table, idleNanos);
        if (idle === null) return;
        told.add(session);
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
