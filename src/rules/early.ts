import type { Call } from "../session/call.ts";

/** The next sequence id although the one before had no reply when the call was sent. */
export function isEarly({ distance, previous, verdict, at }: Call): boolean {
  if (distance !== 1 || previous === null || (verdict !== "early" && verdict !== "new")) return false;
  return previous.reply === null || previous.reply.at > at;
}
