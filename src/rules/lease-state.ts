import type { ObservedClient } from "../session/observed-client.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedServer } from "../session/observed-server.ts";
import type { ObservedSession } from "../session/observed-session.ts";

/** When the server last showed that it knew the session; -Infinity: never. */
export function lastKnownAt({ lastRenewalAt, created }: ObservedSession): number {
  return Math.max(lastRenewalAt, created?.at ?? Number.NEGATIVE_INFINITY);
}

/** When the lease of a client ID was last renewed, on any of its sessions. RFC 8881 §8.3 */
export function lastRenewalOf({ sessions }: ObservedClient): number {
  return sessions.reduce((latest, session) => Math.max(latest, lastKnownAt(session)), Number.NEGATIVE_INFINITY);
}

/** The client ID has sessions that nobody ended, used less than a lease before. */
export function isInUse(client: ObservedClient, at: number): boolean {
  return client.sessions.some(
    (session) => session.isLive && at - lastKnownAt(session) < client.server.leaseNanos && lastKnownAt(session) < at,
  );
}

/** One of the server's connections lived through the whole time: it did not restart. */
export function hasLivedThrough(
  server: ObservedServer,
  connections: Iterable<ObservedConnection>,
  from: number,
  to: number,
): boolean {
  for (const { serverInstance, opened, lastReplyAt } of connections)
    if (serverInstance === server && opened.at <= from && lastReplyAt >= to) return true;
  return false;
}
