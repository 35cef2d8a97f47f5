import type { Call } from "./call.ts";
import type { FactSink } from "./facts.ts";
import type { ObservedSlotTable } from "./observed-slot-table.ts";

/** "It can be increased somewhat above the actual instantaneous usage": so much is never remarkable. RFC 8881 §2.10.6.1 */
export const PADDING_SLOTS = 8;

/**
 * Tells when the slot ids in a call are not what they usually are; rules say whether that is wrong.
 * `limit` is what is known of the table's size. Hot.
 */
export function checkCallRange(call: Call, table: ObservedSlotTable, limit: number, emit: FactSink): void {
  const { highestSlotId, slotId } = call;
  const { highestSlotUsed, flowLimit } = table;
  if (highestSlotId > flowLimit || slotId > flowLimit) emit("call-above-limit", call);
  if (highestSlotId < table.highestWaiting || highestSlotId < slotId) emit("highest-slot-understated", call);
  // Not compared with what waits for a reply: a busy client names slots whose requests it has not sent yet.
  if (highestSlotId <= highestSlotUsed || call.slot === null) return;
  if (highestSlotId > highestSlotUsed + PADDING_SLOTS || highestSlotId === limit) emit("highest-slot-overstated", call);
}
