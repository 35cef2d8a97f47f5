import { NFS4_OK } from "../nfs4/constants.ts";
import type { ObservedSlotTable, SlotRecall } from "../session/observed-slot-table.ts";
import type { Sighting } from "../session/sighting.ts";

/** The client's agreement to the recall; null while there is none. RFC 8881 §20.8 */
export function acceptance({ call: { reply } }: SlotRecall): Sighting | null {
  return reply !== null && reply.rpcError === null && reply.status === NFS4_OK ? reply : null;
}

/** A reply has wished for more since: the recall is over. RFC 8881 §18.46.3 */
export function isOver({ call, target }: SlotRecall, { targets }: ObservedSlotTable): boolean {
  return targets.lastAtLeast(target + 1) >= call.at;
}

/** The server asked for slots from `slot` on by CB_RECALL_SLOT. */
export function isRecalled(table: ObservedSlotTable, slot: number): boolean {
  return table.recall !== null && table.recall.target < slot;
}
