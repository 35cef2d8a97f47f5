import { NFS4_OK, NFS4ERR_CONN_NOT_BOUND_TO_SESSION } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import { isBindingEnforced } from "../bindings.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { SP4_NONE } from "../state-protection.ts";
import { travelNanos } from "../travel.ts";

/** Connections that wait for their binding at the same time. */
const UNBOUND_MAX = 1024;

interface Unbound {
  /** The first SEQUENCE that was refused. */
  readonly refused: Call;
  /** Another one that was sent and refused after that. */
  insisting: Call | null;
}

/** The client uses a connection before it binds it. Where the server may not ask for that: conn-not-bound-sp4-none. */
export const connNotBound: Rule = {
  id: "conn-not-bound",
  severity: "warning",
  fault: "client",
  title: "SEQUENCE came on a connection that is not bound to the session",
  rfc: "RFC 8881 18.46.3, 2.10.13.1.2",
  help: {
    means:
      "The client ID's state protection demands BIND_CONN_TO_SESSION on each new connection. The client sent SEQUENCE without it. It is only noted when it then binds the connection or gives it up.",
    hurts: "Every request on that connection is refused until it is bound.",
    todo: "In the client, send BIND_CONN_TO_SESSION first after a reconnect, with the machine's credential.",
  },
  downgrades: { M: 1, V: 1 },
  options: { bindSeconds: 10 },
  watch({ report, option }) {
    const patienceNanos = option("bindSeconds") * 1e9;
    const unbound = new Map<ObservedConnection, Unbound>();
    const settle = (connection: ObservedConnection, outcome: string, insisting: Call | null = null) => {
      const known = unbound.get(connection);
      if (known === undefined) return;
      unbound.delete(connection);
      const { refused } = known;
      report({
        call: refused,
        severity: insisting === null ? "note" : "warning",
        because: isBindingEnforced(refused.session) ? [] : ["V"],
        frames: [...exchangeFrames(refused), ...(insisting === null ? [] : exchangeFrames(insisting))],
        expected: { text: "BIND_CONN_TO_SESSION first" },
        actual: { status: [NFS4ERR_CONN_NOT_BOUND_TO_SESSION] },
        message: `SEQUENCE on ${connection.name} got NFS4ERR_CONN_NOT_BOUND_TO_SESSION; ${outcome}`,
      });
    };
    return {
      answer(call) {
        if (!isRefusedUnbound(call)) return;
        const { connection } = call;
        const known = unbound.get(connection);
        if (known === undefined) {
          if (unbound.size < UNBOUND_MAX) unbound.set(connection, { refused: call, insisting: null });
        } else if (wasSentKnowing(call, known.refused)) known.insisting ??= call;
      },
      "bind-conn-to-session": ({ call, status }) =>
        settle(call.connection, status === NFS4_OK ? "the client then bound it" : "the client then tried to bind it"),
      "connection-closed": (connection) => settle(connection, "the connection was closed then"),
      tick(at) {
        for (const [connection, { refused, insisting }] of unbound) {
          if (at - refused.reply!.at <= patienceNanos) continue;
          if (insisting === null) settle(connection, "the client did not use it again");
          else settle(connection, "the client went on with it and did not bind it", insisting);
        }
      },
      end() {
        for (const connection of unbound.keys()) settle(connection, "the capture ends before it was bound");
      },
    };
  },
};

function isRefusedUnbound({ reply, session, connection }: Call): boolean {
  if (reply?.sequenceStatus !== NFS4ERR_CONN_NOT_BOUND_TO_SESSION || session === null) return false;
  return session.client?.stateProtect !== SP4_NONE && !session.isBound(connection, "fore");
}

/** Its sender had read the refusal of the other. */
function wasSentKnowing(call: Call, { reply, connection }: Call): boolean {
  return reply !== null && call.at - reply.at > travelNanos(connection);
}
