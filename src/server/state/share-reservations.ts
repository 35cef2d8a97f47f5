import type { OpenState } from "./state.ts";

/** Bits of share_access and share_deny. RFC 8881 §18.16.1 */
export const SHARE_READ = 1;
export const SHARE_WRITE = 2;
export const SHARE_BOTH = 3;

/** What an open or an I/O wants of a file. */
export interface Share {
  readonly access: number;
  readonly deny: number;
}

/** True when another open denies what is wanted, or has what is to be denied. RFC 8881 §9.7 */
export function isShareDenied(opens: Iterable<OpenState>, wanted: Share, own: OpenState | null): boolean {
  for (const open of opens) {
    if (open !== own && ((open.deny & wanted.access) !== 0 || (open.access & wanted.deny) !== 0)) return true;
  }
  return false;
}
