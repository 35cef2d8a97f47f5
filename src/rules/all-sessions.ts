import type { ObservedServer } from "../session/observed-server.ts";
import type { ObservedSession } from "../session/observed-session.ts";

/** Every session that is remembered, server by server. */
export function* allSessions(servers: Iterable<ObservedServer>): Iterable<ObservedSession> {
  for (const server of servers) yield* server.sessions.values();
}
