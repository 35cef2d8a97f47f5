import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_CB_PATH_DOWN_SESSION,
  sequenceStatusFlagNames,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { Vigils } from "../vigils.ts";

const PATH_DOWN = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;
/** Young sessions looked after at the same time. */
const YOUNG_MAX = 1024;

/** A session whose replies have all said so far that there is no back channel. */
interface Young {
  readonly connection: ObservedConnection;
  readonly created: Sighting;
  replies: number;
}

/** The server grants the back channel and then complains that there is none. */
export const backChanGrantedNotBound: Rule = {
  id: "back-chan-granted-not-bound",
  severity: "warning",
  fault: "server",
  title: "The back channel was granted, but the server does not use it",
  rfc: "RFC 8881 18.36.3, 18.46.3",
  help: {
    means:
      "CREATE_SESSION's reply has CREATE_SESSION4_FLAG_CONN_BACK_CHAN, which binds the connection to the back channel. Still every reply from the beginning says CB_PATH_DOWN or CB_PATH_DOWN_SESSION, for more than 5 s.",
    hurts: "No callbacks reach the client: the server gives no delegations or layouts, or revokes them.",
    todo: "In the server, bind the creating connection to the back channel when the flag is granted. A client gets by with BIND_CONN_TO_SESSION.",
    seenIn: "DittoFS grants the flag and binds the fore channel only",
  },
  downgrades: { H: 1 },
  options: { replies: 5, durationSeconds: 5 },
  watch({ report, option }) {
    const replies = option("replies");
    const durationNanos = option("durationSeconds") * 1e9;
    const young = new Vigils<ObservedSession, Young>(({ fore }) => fore);
    const check = (call: Call) => {
      if (call.session === null || call.channel === "back") return;
      const { session, reply } = call;
      const watched = young.get(session);
      if (watched === undefined || reply === null || reply.sequenceStatus !== 0) return;
      const flags = reply.statusFlags & PATH_DOWN;
      if (flags === 0 || !watched.connection.isOpen || hasOpenCallbacks(session)) {
        young.delete(session);
        return;
      }
      const elapsed = reply.at - watched.created.at;
      if (++watched.replies < replies || elapsed <= durationNanos) return;
      // A connection may end without a trace: it has to be seen alive.
      if (watched.connection.lastReplyAt - watched.created.at <= durationNanos) return;
      young.delete(session);
      report({
        session,
        connection: watched.connection,
        frames: [watched.created, reply],
        expected: { text: "sr_status_flags 0" },
        actual: { text: sequenceStatusFlagNames(flags).join(", ") },
        message: `CONN_BACK_CHAN was granted, yet ${seconds(elapsed)} and ${watched.replies} replies later the server still says ${sequenceStatusFlagNames(flags).join(", ")}`,
      });
    };
    return {
      "create-session"({ call, reply, result, session, standing }) {
        if (result === null || reply === null || session === null || standing === "replay") return;
        if ((result.flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) === 0 || young.size >= YOUNG_MAX) return;
        young.set(session, { connection: call.connection, created: reply, replies: 0 });
      },
      "answer-watched": check,
      answer: check,
      "session-ended": (session) => void young.delete(session),
    };
  },
};

/** A callback without an answer gives the server a reason. */
function hasOpenCallbacks({ back }: ObservedSession): boolean {
  return back !== null && back.calls > back.replies;
}
