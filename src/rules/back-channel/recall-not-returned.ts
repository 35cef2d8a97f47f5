import { NFS4_OK, OP_CB_RECALL } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import { doubtsOf } from "../client-doubts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { NewestEntries } from "../newest-entries.ts";
import { RETURNING_OPERATIONS, recalledStateid, returnedStateid } from "../recalled-state.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Recalled delegations that are waited for; further ones are not. */
const PENDING_MAX = 1024;
/** Returned delegations that are remembered, and for how long a recall of them may still come. */
const RETURNED_MAX = 1024;
const CROSSING_NANOS = 10e9;

interface Pending {
  readonly call: Call;
  readonly stateid: string;
  /** From when on it is waited for: the client's answer, or the end of a pause of the capture. */
  since: number | null;
}

/** The return may be in what cannot be read, or was not captured. */
function mayBeUnseen({ session, connection, at }: Call): boolean {
  if (session === null || session.connectionsOmitted > 0) return true;
  if (connection.gapsAround.hasBetween(at, Number.POSITIVE_INFINITY)) return true;
  const sessions = session.client?.sessions ?? [session];
  return sessions.some((one) =>
    [...one.connections.keys()].some((each) => each.encrypted !== null || each.gapsAround.hasBetween(at, Infinity)),
  );
}

/** The server has to think of something else, or to ask again. */
function isRefused({ reply, isAbandoned }: Call): boolean {
  return reply === null ? isAbandoned : reply.status !== NFS4_OK;
}

/** What a client agrees to give back it gives back. */
export const recallNotReturned: Rule = {
  id: "recall-not-returned",
  severity: "warning",
  fault: "client",
  title: "A recalled delegation was not returned",
  rfc: "RFC 8881 20.2.4, 10.4.5",
  help: {
    means:
      "The client answered CB_RECALL with NFS4_OK, went on working, and did not send DELEGRETURN for that delegation within a lease.",
    hurts:
      "Whoever wants the file waits until the server revokes the delegation; then the client's unwritten data may be lost.",
    todo: "In the client, look for what keeps it from returning the delegation: writes that do not end, a state manager that hangs.",
  },
  downgrades: { M: 1, G: "off", H: "off", T: "off", P: "off" },
  channel: "both",
  operations: RETURNING_OPERATIONS,
  callbackOperations: [OP_CB_RECALL],
  watch(context) {
    const { report, argsOf } = context;
    const pending = new Map<string, Pending>();
    /** When the return of each was sent: it may cross the recall, and the client may say NFS4_OK all the same. */
    const returnedAt = new NewestEntries<string, number>(RETURNED_MAX);
    let reviewedAt = Number.NEGATIVE_INFINITY;
    const keyOf = (server: ObservedServer, stateid: string) => `${server.endpoint} ${stateid}`;
    const recalled = (call: Call, index: number) => {
      const stateid = recalledStateid(OP_CB_RECALL, argsOf(call, index));
      const server = call.session?.server;
      if (stateid === null || server === undefined || pending.size >= PENDING_MAX) return;
      const key = keyOf(server, stateid);
      const isOnItsWay = call.at - (returnedAt.get(key) ?? Number.NEGATIVE_INFINITY) < CROSSING_NANOS;
      if (!isOnItsWay && !pending.has(key)) pending.set(key, { call, stateid, since: null });
    };
    const returned = (call: Call, index: number, operation: number) => {
      const stateid = returnedStateid(operation, argsOf(call, index));
      const server = call.connection.serverInstance;
      if (stateid === null || server === null) return;
      pending.delete(keyOf(server, stateid));
      returnedAt.set(keyOf(server, stateid), call.at);
    };
    const tell = ({ call, stateid }: Pending, key: string, waitedNanos: number) => {
      const client = call.session?.client ?? null;
      report({
        call,
        since: call.at,
        because: client === null ? [] : doubtsOf(client, context),
        holds: () => !mayBeUnseen(call) && returnedAt.get(key) === undefined,
        frames: exchangeFrames(call),
        expected: { text: "DELEGRETURN" },
        actual: { text: "other work" },
        message: `the delegation ${stateid} was recalled and not returned in ${seconds(waitedNanos)} of further work`,
      });
    };
    const review = (now: number) => {
      const pause = now - reviewedAt;
      reviewedAt = now;
      for (const [key, each] of pending) {
        const { session, reply } = each.call;
        if (session === null || !session.isLive || isRefused(each.call)) pending.delete(key);
        else if (reply !== null) {
          const { leaseNanos } = session.server;
          // What happened while nothing was captured, or the clock was set, nobody knows.
          each.since = pause > leaseNanos ? now : (each.since ?? reply.at);
          const waited = session.lastRenewalAt - each.since;
          if (waited <= leaseNanos) continue;
          pending.delete(key);
          // The DELEGRETURN may be in what the snap length cut.
          if (!mayBeUnseen(each.call) && context.capture.firstTruncated === null) tell(each, key, waited);
        }
      }
    };
    return {
      "operation-call"({ call, index, operation }) {
        if (call.channel === "back") recalled(call, index);
        else returned(call, index, operation);
      },
      tick: review,
      end: review,
    };
  },
};
