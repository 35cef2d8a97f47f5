import type { Call, Reply } from "../session/call.ts";
import type { Sighting } from "../session/sighting.ts";

/** The frames of a call and, where there is one, of its reply. */
export function exchangeFrames(call: Call, reply: Reply | null = call.reply): Sighting[] {
  return reply === null ? [call] : [call, reply];
}
