import { SEQ4_STATUS_CB_PATH_DOWN, SEQ4_STATUS_CB_PATH_DOWN_SESSION } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import { hasOpenBackChannel } from "../back-channels.ts";
import { doubtsOf } from "../client-doubts.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { Vigils } from "../vigils.ts";

const PATH_DOWN = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;
/** Sessions without back channel that are looked after at the same time. */
const LOST_MAX = 1024;

/** A session whose last back channel connection took a callback with it. */
interface Loss {
  readonly callback: Call;
  readonly closed: Sighting;
  replies: number;
}

/** The server cannot repeat its callback, and does not say so. */
export const statusFlagMissing: Rule = {
  id: "status-flag-missing",
  severity: "warning",
  fault: "server",
  title: "The back channel is gone and a callback with it, but no status flag says so",
  rfc: "RFC 8881 2.10.13.2.4, 2.10.6.2",
  help: {
    means:
      "The last connection of the session's back channel ended while a callback waited for its reply. The server must send it again, for which it needs a new connection; but for 10 s its replies have had neither CB_PATH_DOWN nor CB_PATH_DOWN_SESSION.",
    hurts: "The client does not know that it should bind a connection. The recall never arrives; the state is revoked.",
    todo: "In the server, set CB_PATH_DOWN_SESSION when a session's last back channel connection ends.",
    seenIn: "nfs-ganesha 4.3 set no flag when its client's only connection was cut",
  },
  downgrades: { M: "off", G: "off", H: 1, P: "off", U: 1 },
  channel: "both",
  options: { silentSeconds: 10, replies: 5 },
  watch(context) {
    const losses = new Vigils<ObservedSession, Loss>(({ fore }) => fore);
    const look = (call: Call) => {
      if (call.channel === "back" || call.session === null) return;
      const { session, reply } = call;
      const loss = losses.get(session);
      if (loss === undefined || reply === null || reply.sequenceStatus !== 0 || call.at <= loss.closed.at) return;
      if ((reply.statusFlags & PATH_DOWN) !== 0 || hasOpenBackChannel(session)) {
        losses.delete(session);
        return;
      }
      const elapsed = reply.at - loss.closed.at;
      loss.replies++;
      if (elapsed <= context.option("silentSeconds") * 1e9 || loss.replies < context.option("replies")) return;
      losses.delete(session);
      context.report({
        session,
        connection: loss.callback.connection,
        since: loss.callback.at,
        // That a connection ended may not be known at its other end.
        because: ["U", ...(session.client === null ? [] : doubtsOf(session.client, context))],
        frames: [loss.callback, loss.closed, reply],
        expected: { text: "CB_PATH_DOWN or CB_PATH_DOWN_SESSION" },
        actual: { text: "neither" },
        message: `the last back channel connection ended with callback slot ${loss.callback.slotId} seq ${loss.callback.seq} unanswered, and ${loss.replies} replies in ${seconds(elapsed)} have neither CB_PATH_DOWN nor CB_PATH_DOWN_SESSION`,
      });
    };
    return {
      unanswered(call) {
        const { channel, session, connection } = call;
        if (channel !== "back" || session === null || connection.closed === null || losses.size >= LOST_MAX) return;
        if (!hasOpenBackChannel(session))
          losses.set(session, { callback: call, closed: connection.closed, replies: 0 });
      },
      "answer-watched": look,
      answer: look,
      "session-ended": (session) => void losses.delete(session),
    };
  },
};
