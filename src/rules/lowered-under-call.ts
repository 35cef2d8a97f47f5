import type { Call } from "../session/call.ts";
import type { ObservedSlotTable } from "../session/observed-slot-table.ts";
import { isUnfilled } from "./lowered-limit.ts";
import { isRecalled } from "./slot-recall.ts";

/**
 * A reply lowered the limit below what its request had rightly in use, though the replier had not asked for less
 * before: then the requester cannot have been intransigent. To be asked at `limit-below-call`. RFC 8881 §2.10.6.1
 */
export function isLoweredUnasked(call: Call): boolean {
  const { session, highestSlotId, slotId, verdict } = call;
  if (session === null || (verdict !== "new" && verdict !== "early")) return false;
  const table = session.table(call.channel);
  const knows = session.created !== null || table.targets.highest >= 0;
  const limit = table.highestSlotId < 0 || isUnfilled(table, "enforced") ? table.limit : table.highestSlotId;
  if (!knows || highestSlotId > limit || slotId > limit || isRecalled(table, highestSlotId)) return false;
  if (!isUnfilled(table, "target") && table.targets.below(highestSlotId) !== null) return false;
  return !hasComeDown(call, table);
}

/** The requester itself has named less since, so that the replier need not keep those slots. */
function hasComeDown({ at, reply }: Call, table: ObservedSlotTable): boolean {
  const limit = reply?.highestSlotId ?? -1;
  for (const { current } of table.used())
    if (current !== null && current.at > at && current.highestSlotId <= limit) return true;
  return false;
}
