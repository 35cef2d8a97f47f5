import type { stateid4 } from "../../nfs4/types.ts";

/**
 * Stateids that name no state. `anonymous`: without an open; `bypass`: READ that no share reservation stops; `current`:
 * the stateid that an operation before left; `invalid`: reserved. RFC 8881 §8.2.3
 */
export type SpecialStateid = "anonymous" | "bypass" | "current" | "invalid";

const ALL_ONES = 0xffff_ffff;

/** Null for an ordinary one. */
export function specialKind({ seqid, other }: stateid4): SpecialStateid | null {
  const [first] = other;
  if (first !== 0 && first !== 0xff) return null;
  for (const byte of other) if (byte !== first) return null;
  if (first === 0xff) return seqid === ALL_ONES ? "bypass" : "invalid";
  if (seqid === 0) return "anonymous";
  return seqid === 1 ? "current" : "invalid";
}

/** What CLOSE gives: of no use, and not to be used. RFC 8881 §18.2.4 */
export const INVALID: stateid4 = { seqid: ALL_ONES, other: new Uint8Array(12) };
