import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule } from "../rule.ts";

/** A client that took a new session and left the old one lying. One that was used beside it is session-idle-leak. */
export const sessionNeverDestroyed: Rule = {
  id: "session-never-destroyed",
  severity: "note",
  fault: "client",
  title: "A session was replaced and never destroyed",
  rfc: "RFC 8881 2.10.11.2",
  help: {
    means:
      "The client created another session for the same client ID, never used the old one again and did not send DESTROY_SESSION for it, for longer than a lease.",
    hurts: "The server keeps slots and cached replies for nothing; some limit the sessions of a client.",
    todo: "Let the client destroy a session that it has replaced.",
  },
  downgrades: { M: 1 },
  oncePerUpheaval: true,
  watch: (context) => ({
    end(at) {
      for (const server of context.servers) {
        for (const client of server.clients.values()) {
          for (const [old, successor] of replaced(client, at)) {
            context.report({
              session: old,
              client,
              since: old.firstSeen.at,
              frames: [old.firstSeen, successor.firstSeen],
              message: `session ${old.id} was replaced by ${successor.id} and not destroyed`,
            });
          }
        }
      }
    },
  }),
};

/** Newest first: the successor of a session is the next one that was used. */
function replaced(client: ObservedClient, at: number): [old: ObservedSession, successor: ObservedSession][] {
  const pairs: [ObservedSession, ObservedSession][] = [];
  if (client.ended !== null) return pairs;
  let successor: ObservedSession | null = null;
  for (let i = client.sessions.length - 1; i >= 0; i--) {
    const session: ObservedSession = client.sessions[i]!;
    if (successor !== null && session.isLive && isLeft(session, successor, at)) pairs.push([session, successor]);
    if (session.created !== null && session.repliesSeen > 0) successor = session;
  }
  return pairs;
}

function isLeft(session: ObservedSession, successor: ObservedSession, at: number): boolean {
  const replacedAt = successor.created!.at;
  // Its DESTROY_SESSION may be what the capture lacks.
  if (session.hasGapBetween(session.firstSeen.at, at) || successor.hasGapBetween(replacedAt, at)) return false;
  return session.lastCallAt < replacedAt && at - replacedAt > session.server.leaseNanos;
}
