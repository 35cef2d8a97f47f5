import type { Call } from "../../session/call.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { isWhollySeen } from "../bindings.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** The server called back where the client did not offer it. */
export const backchanOnUnboundConn: Rule = {
  id: "backchan-on-unbound-conn",
  severity: "error",
  fault: "server",
  title: "A callback was sent on a connection that is not bound to the back channel",
  rfc: "RFC 8881 2.10.3.1, 2.10.6.2, 20.9.3",
  help: {
    means:
      "Only CREATE_SESSION with CONN_BACK_CHAN granted, or BIND_CONN_TO_SESSION, makes a connection part of a session's back channel. A connection that was bound by its first SEQUENCE serves the fore channel only. The server sent CB_COMPOUND on such a connection.",
    hurts: "The client refuses or ignores the callback; the server waits, and revokes the delegation in the end.",
    todo: "In the server, choose connections for callbacks from those that are bound for it, and set CB_PATH_DOWN_SESSION when there is none.",
  },
  channel: "back",
  downgrades: { M: 1, H: 1, G: 1 },
  watch({ report }) {
    /** When a connection became part of a session's back channel: the time of the call that asked for it. */
    const offered = new WeakMap<ObservedSession, WeakMap<ObservedConnection, number>>();
    const isOffered = ({ session, connection, at }: Call) => {
      const since = session === null ? undefined : offered.get(session)?.get(connection);
      return since !== undefined && since <= at;
    };
    const check = (call: Call) => {
      const { connection, session } = call;
      if (session === null || isOffered(call) || !isWhollySeen(connection)) return;
      report({
        call,
        // What asked for the binding may be answered after the callback.
        holds: () => !isOffered(call),
        since: connection.opened.at,
        frames: exchangeFrames(call),
        expected: { text: "a connection bound by CREATE_SESSION or BIND_CONN_TO_SESSION" },
        actual: { text: "one bound to the fore channel at most" },
        message: `callback on ${connection.name}, which was not bound to the back channel of session ${session.id}`,
      });
    };
    return {
      "connection-bound"({ by, session, connection, bound, how }) {
        if (bound === "fore" || how === "use") return;
        const known = offered.get(session) ?? new WeakMap<ObservedConnection, number>();
        offered.set(session, known);
        if (!known.has(connection)) known.set(connection, by.at);
      },
      "call-adopted": check,
      "call-retry": check,
      "call-early": check,
      "call-misordered": check,
      "call-new": check,
    };
  },
};
