import type { ObservedSlot } from "../session/observed-slot.ts";
import type { ObservedSlotTable } from "../session/observed-slot-table.ts";
import { isHeldBack } from "./fresh-request.ts";

/**
 * From a reply to the first request that need not name its slot any more. The round trip from a capture near the replier
 * to the requester is not known, and the requester may be busy.
 */
const GIVE_BACK_NANOS = 1e9;

/** The highest slot that its requester may count as in use, -1 if there is none. Looks at every slot: not for each call. */
export function highestInUse({ slots }: ObservedSlotTable, at: number): number {
  for (let id = slots.length - 1; id >= 0; id--) {
    const slot = slots[id];
    if (slot !== undefined && mayBeInUse(slot, at)) return id;
  }
  return -1;
}

/** Unanswered (also where its connection was lost), put off, or answered just now. */
function mayBeInUse(slot: ObservedSlot, at: number): boolean {
  const { current, waiting } = slot;
  if (waiting !== null || isHeldBack(slot)) return true;
  if (current === null) return slot.anchor !== "created";
  const replies = current.transmissions.flatMap(({ reply }) => reply ?? []);
  return replies.length === 0 || replies.some((reply) => at - reply.at < GIVE_BACK_NANOS);
}
