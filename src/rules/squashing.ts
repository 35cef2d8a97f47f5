import type { Call } from "../session/call.ts";

/** Customary uids of whom nothing is known. */
const NOBODY = 65_534;
const NOBODY_OF_32_BITS = 4_294_967_294;

/** Squashed, root and nobody are one user; which uid that is was not captured. RFC 8881 §2.10.6.1.3.1 */
export function isMaybeSquashed(call: Call, original: Call): boolean {
  return isRootOrNobody(call.principal) || isRootOrNobody(original.principal);
}

function isRootOrNobody(principal: number): boolean {
  return principal <= 0 || principal === NOBODY || principal === NOBODY_OF_32_BITS;
}
