import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { endingText } from "../ending-text.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

const MINUTE_NANOS = 60e9;

/** The connection of a session is lost again and again before it has done any work. */
export const reconnectStorm: Rule = {
  id: "reconnect-storm",
  severity: "warning",
  fault: "network",
  title: "Connections of a session end and are made anew all the time",
  rfc: "RFC 8881 2.9.2",
  help: {
    means:
      "Within a minute the session went through more than five connections one after the other, none of which lived for more than a few calls. Client and server should keep connections for long.",
    hurts:
      "Each loss interrupts what was outstanding: it has to be sent again, and the back channel bound anew. Work hardly goes on.",
    todo: "See who ends the connections (RST or FIN, and from which side): a firewall or load balancer that forgets flows, a server that closes on what it cannot parse, a client whose requests time out.",
  },
  downgrades: { G: 1 },
  options: { connectionsPerMinute: 5, callsBelow: 10 },
  watch({ report, option }) {
    const most = option("connectionsPerMinute");
    const callsBelow = option("callsBelow");
    const chains = new WeakMap<ObservedSession, ObservedConnection[]>();
    return {
      "connection-closed"(connection) {
        const { usedBy: session, calls, opened, closed } = connection;
        if (session === null || closed === null || connection.ending === null) return;
        const chain = chains.get(session) ?? [];
        // Several connections side by side that end together are no storm.
        const last = chain.at(-1);
        if (last !== undefined && opened.at < last.closed!.at) return;
        if (calls >= callsBelow) {
          chains.delete(session);
          return;
        }
        const recent = chain.filter((each) => closed.at - each.opened.at <= MINUTE_NANOS);
        recent.push(connection);
        chains.set(session, recent);
        if (recent.length <= most) return;
        chains.delete(session);
        const carried = recent.reduce((sum, each) => sum + each.calls, 0);
        report({
          session,
          connection,
          since: recent[0]!.opened.at,
          frames: [recent[0]!.opened, ...recent.map((each) => each.closed!)],
          message: `${recent.length} connections of session ${session.id} came and went within ${seconds(closed.at - recent[0]!.opened.at)}, with ${carried} calls on all of them; the last ${endingText(connection)}`,
        });
      },
    };
  },
};
