/** Fewer slots than this are no use to a client that works in parallel. */
const SHARE_MIN = 4;

/** How many slots each of `sessions` may have when all of them share `slots`. */
export function slotShare(slots: number, sessions: number): number {
  return Math.max(SHARE_MIN, Math.floor(slots / Math.max(1, sessions)));
}
