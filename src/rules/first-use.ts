import type { Call } from "../session/call.ts";

/** The first sequence id ever named on a slot whose session was seen from its beginning. */
export function isFirstUse({ slot, seq, lastSeqBefore, previous }: Call): boolean {
  return (
    previous === null && lastSeqBefore === 0 && slot !== null && slot.anchor === "created" && slot.firstSeq === seq
  );
}
