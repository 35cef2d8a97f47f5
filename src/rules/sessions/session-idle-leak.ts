import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** A session beside others that nobody uses any more. One that was replaced outright is session-never-destroyed. */
export const sessionIdleLeak: Rule = {
  id: "session-idle-leak",
  severity: "note",
  fault: "client",
  title: "One of several sessions of a client lies idle",
  rfc: "RFC 8881 2.10.11.2",
  help: {
    means:
      "The client has several sessions for one client ID; this one has not been used for more than two leases while another one carried the load.",
    hurts: "The server keeps slots and cached replies for nothing, and may drop the session as inactive.",
    todo: "Let the client destroy sessions that it no longer needs.",
  },
  downgrades: { H: 1 },
  options: { idleLeases: 2 },
  watch: (context) => ({
    end(at) {
      for (const server of context.servers) {
        for (const client of server.clients.values()) {
          for (const session of idleBesideOthers(client, context.option("idleLeases"))) {
            context.report({
              session,
              client,
              since: session.lastCallAt,
              frames: [session.firstSeen],
              message: `session ${session.id} was not used for the last ${seconds(at - session.lastCallAt)} while another one of its client was`,
            });
          }
        }
      }
    },
  }),
};

function idleBesideOthers({ sessions, ended }: ObservedClient, idleLeases: number): ObservedSession[] {
  if (sessions.length < 2 || ended !== null) return [];
  const newest = sessions.at(-1)!;
  let busiestAt = Number.NEGATIVE_INFINITY;
  for (const { lastCallAt } of sessions) if (lastCallAt > busiestAt) busiestAt = lastCallAt;
  return sessions.filter((session) => {
    const { lastCallAt } = session;
    // Sessions that ended their use before the next one began were replaced.
    const wasUsedBeside = session === newest || lastCallAt > newest.firstSeen.at;
    const isIdle = busiestAt - lastCallAt > idleLeases * session.server.leaseNanos;
    return session.isLive && session.repliesSeen > 0 && wasUsedBeside && isIdle;
  });
}
