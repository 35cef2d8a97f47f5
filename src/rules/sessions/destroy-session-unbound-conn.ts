import { NFS4ERR_BADSESSION, NFS4ERR_CONN_NOT_BOUND_TO_SESSION, statusName } from "../../nfs4/constants.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { SP4_NONE } from "../state-protection.ts";
import { subject } from "../subject.ts";

/** A session may only be destroyed from a connection that is bound to it. */
export const destroySessionUnboundConn: Rule = {
  id: "destroy-session-unbound-conn",
  severity: "error",
  fault: "client",
  title: "DESTROY_SESSION came on a connection that is not bound to the session",
  rfc: "RFC 8881 18.37.3",
  help: {
    means:
      "DESTROY_SESSION without SEQUENCE came on a connection over which the session was neither created, nor bound, nor used. With state protection (SP4_MACH_CRED, SP4_SSV) that is forbidden; without it, it happens after a reconnect and is only noted.",
    hurts: "The server answers NFS4ERR_CONN_NOT_BOUND_TO_SESSION and keeps the session until its lease is over.",
    todo: "In the client, send SEQUENCE or BIND_CONN_TO_SESSION on the new connection first.",
    seenIn: "unmounting just after a reconnect",
  },
  pynfs: ["DSESS9001"],
  downgrades: { H: 1, M: 1, V: 1 },
  watch: ({ report }) => ({
    "destroy-session"({ call, reply, status, session }) {
      if (session === null || reply === null || status === NFS4ERR_BADSESSION || !session.isLive) return;
      const { connection } = call;
      if (call.session === session || isPerhapsBound(session, connection)) return;
      const protection = session.client?.stateProtect ?? null;
      const isProtected = protection !== null && protection !== SP4_NONE;
      report({
        ...subject(call, session),
        severity: isProtected ? "error" : "note",
        because: protection === null ? ["V"] : [],
        since: connection.opened.at,
        frames: [connection.opened, ...exchangeFrames(call, reply)],
        expected: { status: [NFS4ERR_CONN_NOT_BOUND_TO_SESSION] },
        actual: { status: [status] },
        message: `DESTROY_SESSION came on ${connection.name}, which is not bound to session ${session.id}: ${statusName(status)}`,
      });
    },
  }),
};

function isPerhapsBound(session: ObservedSession, connection: ObservedConnection): boolean {
  if (session.connectionsOmitted > 0 || session.isBound(connection, "fore") || session.isBound(connection, "back")) {
    return true;
  }
  // What was bound before the capture, or in a gap of it, is not known.
  return !connection.handshakeSeen || connection.gapBytes > 0;
}
