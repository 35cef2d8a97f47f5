import {
  NFS4_OK,
  NFS4ERR_BAD_HIGH_SLOT,
  NFS4ERR_BADSLOT,
  NFS4ERR_RETRY_UNCACHED_REP,
  statusName,
} from "../../nfs4/constants.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { acceptedBefore, isRepeat } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** The client has said since the limit came down that it needs no slot above it. RFC 8881 §2.10.6.1 */
function isGivenUp(table: ObservedSlotTable): boolean {
  const since = table.limits.below(table.highestSlotId + 1)?.first.at ?? Number.POSITIVE_INFINITY;
  for (const { current } of table.used())
    for (let call = current; call !== null; call = call.previous)
      if (call.at >= since && call.highestSlotId <= table.highestSlotId) return true;
  return false;
}

/** "The replier SHOULD retain the slots it wants to retire until …": what was sent before can be sent again. */
export const retryRefusedAfterShrink: Rule = {
  id: "retry-refused-after-shrink",
  severity: "warning",
  fault: "server",
  title: "A retry was refused because its slot had been taken away meanwhile",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "A request had been accepted, then the server lowered its highest slot below the request's slot, and when the client sent the request again the server refused it. NFS4ERR_BAD_HIGH_SLOT is forbidden there (error); NFS4ERR_BADSLOT is too early as long as the client has not named a highest_slotid within the new limit (warning).",
    hurts: "The client cannot learn whether its request was executed: exactly-once semantics are lost.",
    todo: "In the server, keep the replies of slots above the new limit until a request names a highest_slotid at or below it.",
  },
  downgrades: { M: 1, G: "off", O: 1, T: "off" },
  watch: ({ report }) => ({
    answer(call) {
      const { reply, session, slotId } = call;
      const status = reply?.sequenceStatus;
      if (session === null || (status !== NFS4ERR_BADSLOT && status !== NFS4ERR_BAD_HIGH_SLOT)) return;
      const table = session.table(call.channel);
      // Whether the server ever had an unanswered original nobody can say.
      const accepted = isRepeat(call) ? acceptedBefore(call) : null;
      if (accepted === null || !table.wasLowered || slotId <= table.highestSlotId) return;
      if (status === NFS4ERR_BADSLOT && isGivenUp(table)) return;
      report({
        call,
        severity: status === NFS4ERR_BAD_HIGH_SLOT ? "error" : "warning",
        since: accepted.at,
        frames: [...exchangeFrames(accepted), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [NFS4_OK, NFS4ERR_RETRY_UNCACHED_REP] },
        actual: { seq: call.seq, status: [status] },
        message: `slot ${slotId}: seq ${call.seq}, accepted before, was refused with ${statusName(status)} when it was sent again; the highest slot had come down to ${table.highestSlotId}`,
      });
    },
  }),
};
