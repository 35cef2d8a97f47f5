import type { Call } from "../session/call.ts";

/** The slot id lies above every limit that is known: what the sequence id says there is of no account. */
export function isBeyondTable({ session, channel, slotId }: Call): boolean {
  const limit = session?.table(channel).limit ?? -1;
  return limit >= 0 && slotId > limit;
}
