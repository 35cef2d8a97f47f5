import type { Call } from "./call.ts";
import type { ObservedSession } from "./observed-session.ts";

/** So many jumps that the replier accepted, and no request goes wrong that often: what is missing went elsewhere. */
export const JUMPS_PROVING_OTHER_PATHS = 3;

/** Requests that would make the sequence id of `call` the right one. */
export function missingRequests({ distance }: Call): number {
  return distance - 1;
}

/** When the slot was last seen before `call`: from then on something may have been missed. */
export function lastSeenOnSlot({ slot, session, previous, at }: Call): number {
  if (previous !== null) return previous.reply === null ? previous.at : Math.min(previous.reply.at, at);
  return slot?.cleanAt ?? session?.firstSeen.at ?? at;
}

/** Even half of the shortest exchange seen is more than each of the missing ones can have taken. */
export function hadTimeForMissing(call: Call): boolean {
  const { roundTripNanos } = call.connection;
  if (!Number.isFinite(roundTripNanos)) return true;
  return call.at - lastSeenOnSlot(call) >= missingRequests(call) * (roundTripNanos / 2);
}

/** The replier accepted a sequence id that jumped ahead. Where nothing else explains it, this tells of hidden paths. */
export function noteAcceptedJump(session: ObservedSession, call: Call): void {
  const { reply, connection } = call;
  if (reply === null || !hadTimeForMissing(call)) return;
  const since = lastSeenOnSlot(call);
  if (session.hasGapBetween(since, call.at) || connection.hasGapBetween(since, call.at)) return;
  if (++session.acceptedJumps >= JUMPS_PROVING_OTHER_PATHS)
    session.otherPaths ??= { capture: call.capture, frame: call.frame, at: call.at };
}
