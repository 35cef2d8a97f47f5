import { NFS4ERR_BAD_HIGH_SLOT, NFS4ERR_BADSLOT } from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { ObservedSlot } from "../session/observed-slot.ts";

/**
 * A new request that its requester was free to send on another slot. No retry, and no further attempt after a refusal
 * such as DELAY, which has to stay on its slot. To be asked when the call comes.
 */
export function isFreshRequest({ verdict, slot, seq }: Call): boolean {
  if (verdict !== "new" && verdict !== "early") return false;
  return slot === null || !isHeldBack(slot) || slot.refused?.seq !== seq;
}

/** The slot's latest request was refused for a reason that will pass: it is to come again. */
export function isHeldBack({ refused }: ObservedSlot): boolean {
  const status = refused?.reply?.sequenceStatus;
  return refused !== null && status !== NFS4ERR_BADSLOT && status !== NFS4ERR_BAD_HIGH_SLOT;
}
