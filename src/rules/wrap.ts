import type { Call } from "../session/call.ts";

/** Where counters wrap that are signed, or that keep the highest value for themselves. */
const SIGNED_MAX = 0x7fff_ffff;
const LAST_BUT_ONE = 0xffff_fffe;
const LAST = 0xffff_ffff;

/**
 * The slot went back to the beginning elsewhere than from 0xffffffff to 0. RFC 8881 §2.10.6.1: "the sequence ID
 * will wrap around to zero", so that every other way is a counter of the wrong kind.
 */
export function isWrongWrap({ lastSeqBefore, seq }: Call): boolean {
  if (lastSeqBefore === LAST) return seq === 1;
  return (lastSeqBefore === SIGNED_MAX || lastSeqBefore === LAST_BUT_ONE) && (seq === 0 || seq === 1);
}
