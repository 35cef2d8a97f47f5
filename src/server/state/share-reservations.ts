/** Bits of share_access and share_deny. RFC 8881 §18.16.1 */
export const SHARE_READ = 1;
export const SHARE_WRITE = 2;
export const SHARE_BOTH = 3;

/** What an open or an I/O wants of a file. */
export interface Share {
  readonly access: number;
  readonly deny: number;
}

/** True when an open denies what is wanted, or has what is to be denied. The owner's own opens count too. RFC 8881 §18.16.3 */
export function isShareDenied(opens: Iterable<Share>, wanted: Share): boolean {
  for (const { access, deny } of opens) {
    if ((deny & wanted.access) !== 0 || (access & wanted.deny) !== 0) return true;
  }
  return false;
}

/** Values of share_access, or of share_deny, that the OPENs of one owner had: bit n stands for the value n. */
export type SharesAsked = number;

export function withShare(asked: SharesAsked, value: number): SharesAsked {
  return asked | (1 << value);
}

/** Those of the values that want nothing beyond `bits`: what is left of them after a downgrade to that. */
export function sharesWithin(asked: SharesAsked, bits: number): SharesAsked {
  let left = 0;
  for (let value = 0; value <= SHARE_BOTH; value++) if ((value & ~bits) === 0) left |= asked & (1 << value);
  return left;
}

/** All that the values want together. */
export function unionOf(asked: SharesAsked): number {
  let union = 0;
  for (let value = 0; value <= SHARE_BOTH; value++) if ((asked & (1 << value)) !== 0) union |= value;
  return union;
}
