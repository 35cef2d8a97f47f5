import { NFS4ERR_STALE_CLIENTID } from "../../nfs4/constants.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import type { Sighting } from "../../session/sighting.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** Attempts after the first refusal that are let pass. */
const REPEATS_ALLOWED = 3;
/** Refused client IDs remembered for each server; the oldest is let go first. */
const REFUSED_MAX = 1024;

interface Refusal {
  first: Sighting;
  lastAt: number;
  repeats: number;
}

/** A client that goes on with a client ID of which it was told that it is gone. */
export const staleClientidNotRecovered: Rule = {
  id: "stale-clientid-not-recovered",
  severity: "error",
  fault: "client",
  title: "The client goes on with a client ID that the server does not know",
  rfc: "RFC 8881 8.4.2, 2.10.13.1.4",
  help: {
    means:
      "After NFS4ERR_STALE_CLIENTID the client must get a new client ID with EXCHANGE_ID. It repeated CREATE_SESSION with the old one more than three times.",
    hurts:
      "It can never succeed: the mount hangs for good and state that could be reclaimed is lost with the grace period.",
    todo: "Make the client fall back to EXCHANGE_ID on NFS4ERR_STALE_CLIENTID.",
  },
  downgrades: {},
  watch({ report }) {
    const refusals = new WeakMap<ObservedServer, Map<string, Refusal>>();
    return {
      "exchange-id"({ call, result }) {
        const server = call.connection.serverInstance;
        if (server !== null && result !== null) refusals.get(server)?.delete(result.clientId);
      },
      "create-session"({ call, args, reply, status, client }) {
        const server = call.connection.serverInstance;
        if (server === null || reply === null) return;
        const refused = refusedBy(refusals, server);
        if (status !== NFS4ERR_STALE_CLIENTID) {
          refused.delete(args.clientId);
          return;
        }
        const refusal = refused.get(args.clientId);
        if (refusal === undefined) {
          remember(refused, args.clientId, { first: reply, lastAt: reply.at, repeats: 0 });
          return;
        }
        if (call.at < refusal.lastAt) return;
        refusal.lastAt = reply.at;
        if (++refusal.repeats <= REPEATS_ALLOWED) return;
        report({
          ...subject(call, null),
          client,
          frames: [refusal.first, ...exchangeFrames(call, reply)],
          expected: { text: "EXCHANGE_ID" },
          actual: { status: [status] },
          message: `CREATE_SESSION with stale client ID 0x${args.clientId} for the ${refusal.repeats + 1}th time, no EXCHANGE_ID`,
        });
      },
    };
  },
};

function refusedBy(refusals: WeakMap<ObservedServer, Map<string, Refusal>>, server: ObservedServer) {
  let refused = refusals.get(server);
  if (refused === undefined) {
    refused = new Map();
    refusals.set(server, refused);
  }
  return refused;
}

function remember(refused: Map<string, Refusal>, clientId: string, refusal: Refusal): void {
  if (refused.size >= REFUSED_MAX) {
    for (const oldest of refused.keys()) {
      refused.delete(oldest);
      break;
    }
  }
  refused.set(clientId, refusal);
}
