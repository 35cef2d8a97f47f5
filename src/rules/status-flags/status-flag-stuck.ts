import {
  NFS4_OK,
  OP_RECLAIM_COMPLETE,
  SEQ4_STATUS_CB_PATH_DOWN,
  SEQ4_STATUS_CB_PATH_DOWN_SESSION,
  SEQ4_STATUS_RESTART_RECLAIM_NEEDED,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { FlagsSeen } from "../../session/facts.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Sighting } from "../../session/sighting.ts";
import { flagNames } from "../../session/status-flags.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Bit of channel_dir_from_server4. */
const CDFS4_BACK = 2;
const PATH_DOWN = SEQ4_STATUS_CB_PATH_DOWN | SEQ4_STATUS_CB_PATH_DOWN_SESSION;

/** What the server said OK to, and what thereby ended. */
interface Remedy {
  readonly what: string;
  readonly call: Sighting;
  readonly reply: Sighting;
  readonly connection: ObservedConnection;
  /** CB_SEQUENCE replies of the session until then. */
  readonly callbacksAnswered: number;
  /** Replies since then that still had the flag. */
  replies: number;
  /** Told, or no longer worth anything. */
  isSpent: boolean;
}

/** The cause is gone, the flag is not. */
export const statusFlagStuck: Rule = {
  id: "status-flag-stuck",
  severity: "warning",
  fault: "server",
  title: "A status flag stays set after the client did what ends it",
  rfc: "RFC 8881 18.46.3",
  help: {
    means:
      "The client bound a connection to the back channel (BIND_CONN_TO_SESSION answered BACK or BOTH) and replies to requests sent after that still have CB_PATH_DOWN or CB_PATH_DOWN_SESSION; or it said RECLAIM_COMPLETE and replies still have RESTART_RECLAIM_NEEDED.",
    hurts: "A client that obeys the flags tries again and again, for nothing; delegations are withheld meanwhile.",
    todo: "In the server, clear the flag when the connection is bound, or when the client is done reclaiming.",
  },
  downgrades: { G: "off", H: 1, V: 2 },
  channel: "both",
  operations: [OP_RECLAIM_COMPLETE],
  options: { stuckSeconds: 5, replies: 5 },
  watch(context) {
    const binds = new WeakMap<ObservedSession, Remedy>();
    const bindsOfClient = new WeakMap<ObservedClient, Remedy>();
    const reclaims = new WeakMap<ObservedSession | ObservedClient, Remedy>();
    /** RECLAIM_COMPLETE calls with rca_one_fs false. */
    const global = new WeakSet<Call>();
    return {
      "bind-conn-to-session"({ call, reply, result, session }) {
        if (session === null || reply === null || result === null || (result.direction & CDFS4_BACK) === 0) return;
        const remedy = remedyOf("BIND_CONN_TO_SESSION", call, reply, session);
        binds.set(session, remedy);
        if (session.client !== null) bindsOfClient.set(session.client, remedy);
      },
      "operation-call"({ call, index }) {
        const args = context.argsOf(call, index) as { rca_one_fs: boolean } | null;
        if (args?.rca_one_fs === false) global.add(call);
      },
      "operation-result"({ call, status }) {
        const { session, reply } = call;
        if (status !== NFS4_OK || session === null || reply === null || !global.has(call)) return;
        reclaims.set(session.client ?? session, remedyOf("RECLAIM_COMPLETE", call, reply, session));
      },
      // The server has a reason to doubt the path.
      unanswered({ channel, session }) {
        const bound = channel === "back" && session !== null ? binds.get(session) : undefined;
        if (bound !== undefined) bound.isSpent = true;
      },
      "status-flags"(seen) {
        const { client } = seen.session;
        const own = binds.get(seen.session);
        const bound = own ?? (client === null ? undefined : bindsOfClient.get(client));
        const ended = own === undefined ? SEQ4_STATUS_CB_PATH_DOWN : PATH_DOWN;
        if (bound !== undefined) check(context, seen, ended, bound);
        const reclaimed = reclaims.get(client ?? seen.session);
        if (reclaimed !== undefined) check(context, seen, SEQ4_STATUS_RESTART_RECLAIM_NEEDED, reclaimed);
      },
    };
  },
};

function remedyOf(what: string, call: Call, reply: Sighting, session: ObservedSession): Remedy {
  const { connection } = call;
  const callbacksAnswered = session.back?.replies ?? 0;
  const { capture, frame, at } = reply;
  return { what, call, reply: { capture, frame, at }, connection, callbacksAnswered, replies: 0, isSpent: false };
}

function check(context: RuleContext, seen: FlagsSeen, ended: number, remedy: Remedy): void {
  const { call, session, history, flags } = seen;
  if (remedy.isSpent || (flags & ended) === 0 || call.at <= remedy.reply.at) return;
  // One that came up after the remedy has another cause.
  const period = [...history.periods.values()].find(({ bit, askedAt }) => bit & ended && askedAt < remedy.call.at);
  const isPath = (ended & PATH_DOWN) !== 0;
  if (period === undefined || (isPath && isDoubtful(remedy, session))) return;
  remedy.replies++;
  const elapsed = call.reply!.at - remedy.reply.at;
  const stuckNanos = context.option("stuckSeconds") * 1e9;
  if (remedy.replies <= context.option("replies") || elapsed <= stuckNanos) return;
  // A connection may end without a trace: it has to be seen alive.
  if (isPath && remedy.connection.lastReplyAt - remedy.reply.at <= stuckNanos) return;
  remedy.isSpent = true;
  const name = flagNames(period.bit).join();
  // A server may want to see the path work before it believes in it.
  const wasProven = !isPath || (session.back?.replies ?? 0) > remedy.callbacksAnswered;
  context.report({
    session,
    connection: call.connection,
    since: period.askedAt,
    because: wasProven ? [] : ["V"],
    frames: [period.since, remedy.call, remedy.reply, call.reply!],
    expected: { text: `sr_status_flags without ${name}` },
    actual: { text: flagNames(flags).join(", ") },
    message: `${name} is still set ${seconds(elapsed)} and ${remedy.replies} replies after ${remedy.what} succeeded`,
  });
}

function isDoubtful({ connection }: Remedy, { back }: ObservedSession): boolean {
  return connection.closing !== null || (back?.outstanding ?? 0) > 0;
}
