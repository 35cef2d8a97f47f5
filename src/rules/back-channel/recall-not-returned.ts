import { NFS4_OK, OP_CB_RECALL, OP_DELEGRETURN } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { recalledStateid } from "../recalled-state.ts";
import { hexadecimal } from "../referring-calls.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Recalled delegations that are waited for; further ones are not. */
const PENDING_MAX = 1024;

interface Pending {
  readonly call: Call;
  readonly stateid: string;
  readonly server: ObservedServer;
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
  downgrades: { H: 1, P: "off", G: "off", M: 1 },
  channel: "both",
  operations: [OP_DELEGRETURN],
  callbackOperations: [OP_CB_RECALL],
  watch({ report, argsOf, capture }) {
    const pending = new Map<string, Pending>();
    const keyOf = (server: ObservedServer, stateid: string) => `${server.endpoint} ${stateid}`;
    const recalled = (call: Call, index: number) => {
      const stateid = recalledStateid(OP_CB_RECALL, argsOf(call, index));
      const server = call.session?.server;
      if (stateid === null || server === undefined || pending.size >= PENDING_MAX) return;
      const key = keyOf(server, stateid);
      if (!pending.has(key)) pending.set(key, { call, stateid, server });
    };
    const returned = (call: Call, index: number) => {
      const args = argsOf(call, index) as { deleg_stateid: { other: Uint8Array } } | null;
      const server = call.connection.serverInstance;
      if (args !== null && server !== null) pending.delete(keyOf(server, hexadecimal(args.deleg_stateid.other)));
    };
    const review = () => {
      for (const [key, { call, stateid }] of pending) {
        const { session, reply } = call;
        // Refused: the server has to think of something else, or to ask again.
        const isRefused = reply === null ? call.isAbandoned : reply.status !== NFS4_OK;
        if (session === null || !session.isLive || isRefused) pending.delete(key);
        else if (reply !== null && session.lastRenewalAt - reply.at > session.server.leaseNanos) {
          pending.delete(key);
          // The DELEGRETURN may be in what the snap length cut.
          if (mayBeUnseen(call) || capture.firstTruncated !== null) continue;
          report({
            call,
            since: call.at,
            holds: () => !mayBeUnseen(call),
            frames: exchangeFrames(call),
            expected: { text: "DELEGRETURN" },
            actual: { text: "other work" },
            message: `the delegation ${stateid} was recalled and not returned in ${seconds(session.lastRenewalAt - reply.at)} of further work`,
          });
        }
      }
    };
    return {
      "operation-call"({ call, index }) {
        if (call.channel === "back") recalled(call, index);
        else if (pending.size > 0) returned(call, index);
      },
      tick: () => {
        if (pending.size > 0) review();
      },
      end: review,
    };
  },
};
