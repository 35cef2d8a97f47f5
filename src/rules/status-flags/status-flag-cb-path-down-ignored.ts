import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  OP_BIND_CONN_TO_SESSION,
  OP_CREATE_SESSION,
  OP_DESTROY_SESSION,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_CB_PATH_DOWN_SESSION,
} from "../../nfs4/constants.ts";
import type { OperationSeen } from "../../session/facts.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { hasOpenBackChannel } from "../back-channels.ts";
import { type Neglect, neglectReport, watchNeglect } from "../neglected-flags.ts";
import type { Rule, RuleContext } from "../rule.ts";

const PATH_DOWN = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;
/** channel_dir_from_client4: the fore channel only. */
const CDFC4_FORE = 1;

/** The server cannot call back, says so, and the client leaves it at that. */
export const statusFlagCbPathDownIgnored: Rule = {
  id: "status-flag-cb-path-down-ignored",
  severity: "warning",
  fault: "client",
  title: "The server says that it has no callback path, and the client does not bind one",
  rfc: "RFC 8881 18.46.3, 2.10.6.2, 2.10.13.1.2",
  help: {
    means:
      "Reply after reply has CB_PATH_DOWN (no back channel on any session of the client) or CB_PATH_DOWN_SESSION (none on this session), and the client neither binds a connection with BIND_CONN_TO_SESSION, nor makes a new session, nor ends this one. An error when a callback was cut off and waits to be retried: then the client must act. A note for a client that never asked for a back channel.",
    hurts:
      "The server cannot recall delegations and layouts: it gives none, or revokes what it cannot recall. Others wait for the recall until the lease ends.",
    todo: "In the client, answer the flag with BIND_CONN_TO_SESSION (FORE_OR_BOTH) on a connection that works. If it does that and the flag stays, see status-flag-stuck.",
  },
  downgrades: { M: 1, G: "off", H: 1, T: 1, P: "off" },
  channel: "both",
  operations: [OP_BIND_CONN_TO_SESSION, OP_CREATE_SESSION, OP_DESTROY_SESSION],
  options: { unheededSeconds: 30, reminders: 5 },
  watch(context) {
    const unheededNanos = context.option("unheededSeconds") * 1e9;
    /** A callback was under way when its connection ended: the server must send it again on the same session. */
    const cutOff = new WeakSet<ObservedSession>();
    const mustBind = (session: ObservedSession, bits: number) =>
      (bits & SEQ4_STATUS_CB_PATH_DOWN_SESSION) !== 0 && cutOff.has(session);
    const handlers = watchNeglect(
      {
        bits: PATH_DOWN,
        reminders: context.option("reminders"),
        patienceNanos: (session, bits) =>
          mustBind(session, bits) ? session.server.leaseNanos : Math.max(unheededNanos, session.server.leaseNanos / 2),
        isAnswer: (seen) => seen.operation !== OP_BIND_CONN_TO_SESSION || asksForBack(context, seen),
        isExcused: isServersFault,
      },
      (neglect) => {
        const { session, bits } = neglect;
        const undone = "no BIND_CONN_TO_SESSION, CREATE_SESSION or DESTROY_SESSION";
        if (mustBind(session, bits)) {
          const report = neglectReport(context, neglect, `${undone}, though a callback was cut off`);
          context.report({ ...report, severity: "error" });
        } else if (wantsCallbacks(session, bits)) context.report(neglectReport(context, neglect, undone));
        else {
          const asked = session.requestedFlags === null ? "was not seen to ask" : "never asked";
          const report = neglectReport(context, neglect, `the client ${asked} for a back channel`);
          context.report({ ...report, severity: "note" });
        }
      },
    );
    return {
      ...handlers,
      unanswered({ channel, session, connection }) {
        if (channel === "back" && session !== null && connection.closed !== null) cutOff.add(session);
      },
    };
  },
};

function asksForBack({ argsOf }: RuleContext, { call, index }: OperationSeen): boolean {
  const args = argsOf(call, index) as { bctsa_dir: number } | null;
  return args?.bctsa_dir !== CDFC4_FORE;
}

/** For CB_PATH_DOWN_SESSION on this session, else on any of its client ID, as far as is known. */
function wantsCallbacks(session: ObservedSession, bits: number): boolean {
  const client = (bits & SEQ4_STATUS_CB_PATH_DOWN) === 0 ? null : session.client;
  return (client?.sessions ?? [session]).some(({ requestedFlags, back }) => {
    return ((requestedFlags ?? 0) & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0 || back !== null;
  });
}

/**
 * The session was created with a back channel that the server never used (`back-chan-granted-not-bound`), or another
 * session of the client has one (`status-flag-scope`).
 */
function isServersFault({ session, bits, period }: Neglect): boolean {
  const wasGranted = ((session.flags ?? 0) & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0;
  if (period.isFromStart && wasGranted && hasOpenBackChannel(session)) return true;
  if ((bits & SEQ4_STATUS_CB_PATH_DOWN_SESSION) !== 0) return false;
  return session.client?.sessions.some((other) => other !== session && hasOpenBackChannel(other)) ?? false;
}
