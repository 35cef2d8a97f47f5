import type { Call } from "../session/call.ts";

/** The next sequence id although no transmission of the one before had a reply when the call was sent. */
export function isEarly({ previous, verdict, at }: Call): boolean {
  if (verdict !== "early" || previous === null) return false;
  return isUnanswered(previous, at) && (previous.retries?.every((retry) => isUnanswered(retry, at)) ?? true);
}

function isUnanswered({ reply }: Call, at: number): boolean {
  return reply === null || reply.at > at;
}
