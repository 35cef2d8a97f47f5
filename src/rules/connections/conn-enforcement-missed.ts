import { NFS4_OK, NFS4ERR_CONN_NOT_BOUND_TO_SESSION, OP_BIND_CONN_TO_SESSION } from "../../nfs4/constants.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import { isBindingEnforced, isWhollySeen } from "../bindings.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** The server promised to enforce bindings and does not. */
export const connEnforcementMissed: Rule = {
  id: "conn-enforcement-missed",
  severity: "error",
  fault: "server",
  title: "SEQUENCE succeeded on a connection that was never bound, though bindings are enforced",
  rfc: "RFC 8881 18.46.3, 18.35.3",
  help: {
    means:
      "The result of EXCHANGE_ID has BIND_CONN_TO_SESSION in spo_must_enforce: only a connection that was bound with the machine's credential may use the session. The server let SEQUENCE pass on another one.",
    hurts:
      "A security hole: whoever learns the session id can use the session from a connection of their own, and push its slots out of step.",
    todo: "In the server, answer NFS4ERR_CONN_NOT_BOUND_TO_SESSION until BIND_CONN_TO_SESSION or CREATE_SESSION came on that connection.",
  },
  downgrades: { M: 1, V: 1, G: 1, P: "off" },
  operations: [OP_BIND_CONN_TO_SESSION],
  watch({ report }) {
    // Its reply may come after the first SEQUENCE's.
    const binding = new WeakSet<ObservedConnection>();
    return {
      "operation-call": ({ call }) => void binding.add(call.connection),
      "bind-conn-to-session"({ call, status }) {
        if (status !== NFS4_OK) binding.delete(call.connection);
      },
      "connection-bound"({ by: call, session, connection, bound, how }) {
        if (how === "replay") binding.add(connection);
        if (how !== "use" || bound !== "fore" || !isBindingEnforced(session)) return;
        if (binding.has(connection) || !isWhollySeen(connection)) return;
        report({
          call,
          since: connection.opened.at,
          frames: [connection.opened, ...exchangeFrames(call)],
          expected: { status: [NFS4ERR_CONN_NOT_BOUND_TO_SESSION] },
          actual: { status: [NFS4_OK] },
          message: `SEQUENCE was accepted on ${connection.name}, which nobody had bound, though spo_must_enforce has BIND_CONN_TO_SESSION`,
        });
      },
    };
  },
};
