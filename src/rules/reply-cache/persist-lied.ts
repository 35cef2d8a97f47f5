import { CREATE_SESSION4_FLAG_PERSIST, NFS4ERR_BADSESSION, NFS4ERR_DEADSESSION } from "../../nfs4/constants.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { type LossCause, type LostSession, watchLostSessions } from "../lost-session.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** What shows that the server was restarted; all else is the business of other rules. */
const RESTARTS: ReadonlySet<LossCause> = new Set(["client-id-lost", "connections-lost"]);

/** A persistent session outlives its server. */
export const persistLied: Rule = {
  id: "persist-lied",
  severity: "warning",
  fault: "server",
  title: "Persistent sessions do not survive a restart",
  rfc: "RFC 8881 2.10.6.5, 2.10.13.1.4",
  help: {
    means:
      "The server granted CREATE_SESSION4_FLAG_PERSIST, and after a restart it did not know the session any more, although it had been in use less than a lease before. Once may be a catastrophe; this was not the first time.",
    hurts: "The client relies on the reply cache to find out what became of requests during the restart, and cannot.",
    todo: "In the server, store the reply cache in stable storage, or do not grant the flag.",
    seenIn: "buildbarn grants it although nothing survives a restart",
  },
  downgrades: {},
  watch({ report }) {
    const firstLosses = new WeakMap<ObservedServer, LostSession>();
    return watchLostSessions((loss, { cause, evidence }) => {
      const { session, call, reply, idleNanos } = loss;
      if (!RESTARTS.has(cause) || session.created === null) return;
      if (session.flags === null || (session.flags & CREATE_SESSION4_FLAG_PERSIST) === 0) return;
      const first = firstLosses.get(session.server);
      if (first === undefined) firstLosses.set(session.server, loss);
      // Sessions from before the first loss went with it.
      if (first === undefined || session.created.at <= first.reply.at) return;
      report({
        ...(call.session === session ? { call } : { session, connection: call.connection }),
        since: call.at,
        frames: [
          ...exchangeFrames(first.call, first.reply),
          session.created,
          ...exchangeFrames(call, reply),
          ...evidence,
        ],
        expected: { status: [NFS4ERR_DEADSESSION] },
        actual: { status: [NFS4ERR_BADSESSION] },
        message: `a second persistent session was lost in a restart: ${session.id}, ${seconds(idleNanos)} after its last use`,
      });
    });
  },
};
