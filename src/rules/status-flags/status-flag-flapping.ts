import {
  OP_BIND_CONN_TO_SESSION,
  OP_CLOSE,
  OP_CREATE_SESSION,
  OP_DELEGRETURN,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  OP_FREE_STATEID,
  OP_LAYOUTRETURN,
  OP_LOCKU,
  OP_RECLAIM_COMPLETE,
  OP_TEST_STATEID,
  SEQ4_STATUS_ADMIN_STATE_REVOKED,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_CB_PATH_DOWN_SESSION,
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
  SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
  SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { FlagsSeen } from "../../session/facts.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import { flagNames } from "../../session/status-flags.ts";
import { Acts } from "../acts.ts";
import { hasLivingBackChannel, hasUnansweredCallbacks } from "../back-channels.ts";
import { doubtsOf } from "../client-doubts.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";

const PATH_FLAGS = [SEQ4_STATUS_CB_PATH_DOWN, SEQ4_STATUS_CB_PATH_DOWN_SESSION];
const STATE_FLAGS = [
  SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED,
  SEQ4_STATUS_EXPIRED_SOME_STATE_REVOKED,
  SEQ4_STATUS_ADMIN_STATE_REVOKED,
  SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
];
const PATH_OPERATIONS: ReadonlySet<number> = new Set([
  OP_BIND_CONN_TO_SESSION,
  OP_CREATE_SESSION,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
]);
const STATE_OPERATIONS: ReadonlySet<number> = new Set([
  OP_TEST_STATEID,
  OP_FREE_STATEID,
  OP_EXCHANGE_ID,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_RECLAIM_COMPLETE,
]);
/** Frequent ones by which revoked state may go away as well. */
const GIVING_BACK: ReadonlySet<number> = new Set([OP_CLOSE, OP_LOCKU, OP_DELEGRETURN, OP_LAYOUTRETURN]);

/** A flag came up and went down. */
interface Toggle {
  readonly askedAt: number;
  readonly set: Sighting;
  cleared: { call: Sighting; reply: Sighting; connection: ObservedConnection } | null;
}

/** A flag comes and goes, and nothing happened. */
export const statusFlagFlapping: Rule = {
  id: "status-flag-flapping",
  severity: "warning",
  fault: "server",
  title: "A status flag comes and goes for no reason that can be seen",
  rfc: "RFC 8881 18.46.3, 2.10.6.1.1",
  help: {
    means:
      "A flag was set, cleared and set again. For a flag about revoked state the client acknowledged nothing meanwhile, and the server did not restart; for CB_PATH_DOWN and CB_PATH_DOWN_SESSION no connection of the client was opened, closed or bound, and the last reply came on one that is bound to the back channel. Replies to retries, and replies that were overtaken, do not count.",
    hurts: "The client starts a recovery each time, or believes that a loss is over which is not.",
    todo: "In the server, keep the flag set on all replies until its cause is gone; look for threads that work out the flags from different data.",
  },
  downgrades: { G: "off", H: 1, O: 1, T: "off", P: "off" },
  operations: [...new Set([...PATH_OPERATIONS, ...STATE_OPERATIONS])],
  watch(context) {
    const onPaths = new Acts();
    const onState = new Acts();
    const toggles = new WeakMap<ObservedSession, Map<number, Toggle>>();
    const look = (call: Call) => {
      if (call.session === null || call.session.flagHistory === null) return;
      if (call.operations.numbers.some((operation) => GIVING_BACK.has(operation))) onState.note(call);
    };
    const noteConnection = (connection: ObservedConnection, { at }: Sighting) => onPaths.noteOn(connection, at);
    return {
      "operation-call"({ call, operation }) {
        if (PATH_OPERATIONS.has(operation)) onPaths.note(call);
        if (STATE_OPERATIONS.has(operation)) onState.note(call);
      },
      "connection-opened": (connection) => noteConnection(connection, connection.opened),
      "connection-closed": (connection) => noteConnection(connection, connection.closed ?? connection.opened),
      "call-new-troubled": look,
      "call-early": look,
      "status-flags"(seen) {
        const changed = seen.before ^ seen.flags;
        if (changed === 0) return;
        for (const bit of PATH_FLAGS) if ((changed & bit) !== 0) toggle(context, toggles, seen, bit, onPaths);
        for (const bit of STATE_FLAGS) if ((changed & bit) !== 0) toggle(context, toggles, seen, bit, onState);
      },
    };
  },
};

function toggle(
  context: RuleContext,
  toggles: WeakMap<ObservedSession, Map<number, Toggle>>,
  seen: FlagsSeen,
  bit: number,
  acts: Acts,
): void {
  const { call, session, flags } = seen;
  const reply = call.reply!;
  const ofSession = toggles.get(session) ?? new Map<number, Toggle>();
  toggles.set(session, ofSession);
  const known = ofSession.get(bit);
  if ((flags & bit) === 0) {
    if (known !== undefined) known.cleared = { call, reply, connection: call.connection };
    return;
  }
  const isPath = PATH_FLAGS.includes(bit);
  ofSession.set(bit, { askedAt: call.at, set: reply, cleared: null });
  if (known?.cleared == null || acts.lastOf(session) >= known.askedAt) return;
  if (isPath ? hasReasonToDoubt(session, known.askedAt, reply.at) : hasRestarted(session, known.askedAt)) return;
  const { cleared } = known;
  const isOrdered = context.isOrdered(cleared.reply, cleared.connection, call, call.connection);
  context.report({
    session,
    connection: call.connection,
    since: known.askedAt,
    // What would explain it may have been cut off or encrypted.
    because: [
      ...(session.client === null ? [] : doubtsOf(session.client, context)),
      ...(isOrdered ? [] : ["O" as const]),
    ],
    frames: [known.set, cleared.reply, reply],
    expected: { text: "a flag that stays set until its cause is gone" },
    actual: { text: "set, cleared, set" },
    message: `${flagNames(bit).join()} was set, cleared after ${seconds(cleared.reply.at - known.set.at)} and set again after ${seconds(reply.at - cleared.reply.at)}: ${isPath ? "no connection was opened, closed or bound meanwhile" : "the client acknowledged nothing meanwhile"}`,
  });
}

/** Callbacks went unanswered, a connection is about to end, or nothing shows that the back channel lives. */
function hasReasonToDoubt(session: ObservedSession, since: number, now: number): boolean {
  if (hasUnansweredCallbacks(session) || !hasLivingBackChannel(session, now)) return true;
  for (const { closing } of session.connections.keys()) if (closing !== null && closing.at >= since) return true;
  return false;
}

function hasRestarted({ server }: ObservedSession, since: number): boolean {
  return (server.restarts.at(-1)?.at ?? Number.NEGATIVE_INFINITY) >= since;
}
