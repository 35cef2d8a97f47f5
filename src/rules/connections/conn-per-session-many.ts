import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule } from "../rule.ts";

/** One session on very many connections at once. */
export const connPerSessionMany: Rule = {
  id: "conn-per-session-many",
  severity: "note",
  fault: "client",
  title: "A session uses very many connections at the same time",
  rfc: "RFC 8881 2.10.3.1",
  help: {
    means:
      "More connections serve the session than servers commonly allow. nconnect of the Linux client goes up to 16.",
    hurts: "Servers with a limit refuse or delay what comes on the connections beyond it.",
    todo: "Compare nconnect of the mount with the server's limit.",
    seenIn: "DittoFS allows 16 connections a session",
  },
  downgrades: {},
  options: { connectionsAtOnce: 16 },
  watch({ report, option }) {
    const most = option("connectionsAtOnce");
    const told = new WeakSet<ObservedSession>();
    return {
      "connection-bound"({ by, session }) {
        if (session.connections.size <= most || told.has(session)) return;
        const open = [...session.connections.keys()].filter(({ isOpen }) => isOpen);
        if (open.length <= most) return;
        told.add(session);
        report({
          session,
          frames: [by],
          message: `session ${session.id} uses ${open.length} connections at the same time`,
        });
      },
    };
  },
};
