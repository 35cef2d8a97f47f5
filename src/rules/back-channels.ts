import type { ObservedSession } from "../session/observed-session.ts";

/** A connection is bound to the back channel that nobody was seen to end. */
export function hasOpenBackChannel(session: ObservedSession): boolean {
  if (!session.isLive) return false;
  for (const [connection, channels] of session.connections)
    if (channels.has("back") && connection.closing === null) return true;
  return false;
}

/**
 * A connection bound to the back channel was answered on after that time. That no end was seen proves nothing: it is one
 * packet, which a capture may lack.
 */
export function hasLivingBackChannel(session: ObservedSession, at: number): boolean {
  for (const [connection, channels] of session.connections)
    if (channels.has("back") && connection.closing === null && connection.lastReplyAt >= at) return true;
  return false;
}

/** The server has callbacks in the air, or has lost some, and may doubt that they arrive. */
export function hasUnansweredCallbacks({ back }: ObservedSession): boolean {
  return back !== null && back.calls > back.replies;
}
