import { NFS4_OK, NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import { PRINCIPAL_UNKNOWN } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { doubtsOf } from "../client-doubts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { lastKnownAt } from "../lease-state.ts";
import { ownerText } from "../owner-text.ts";
import type { Rule } from "../rule.ts";
import { ServerMemory } from "../server-memory.ts";

/** Owners of a server whose new incarnation has not confirmed itself. */
const NEWCOMERS_MAX = 1024;

type Exchange = Facts["exchange-id"] & { client: ObservedClient };

/** EXCHANGE_ID alone ends nothing: the old incarnation lives until CREATE_SESSION confirms the new one. */
export const confirmedLostEarly: Rule = {
  id: "confirmed-lost-early",
  severity: "warning",
  fault: "server",
  title: "EXCHANGE_ID alone ended the sessions of the client's older incarnation",
  rfc: "RFC 8881 18.35.4 item 5, 2.4.3",
  help: {
    means:
      "EXCHANGE_ID of the same principal came with a new verifier, no CREATE_SESSION followed yet, and the server already answers NFS4ERR_BADSESSION on the sessions of the incarnation before. The confirmed record must live until the new client ID is confirmed.",
    hurts:
      "Anybody who knows the owner string can end a client's sessions, locks and opens with one request; so can a delayed duplicate.",
    todo: "In the server, keep both records until CREATE_SESSION confirms the new one.",
    seenIn: "DittoFS drops everything at EXCHANGE_ID",
  },
  pynfs: ["EID5f"],
  downgrades: { H: 1, G: "off", P: "off", T: "off" },
  supersedes: ["badsession-for-live", "session-culled-early"],
  watch(context) {
    const newcomers = new ServerMemory<Exchange>(NEWCOMERS_MAX);
    return {
      "exchange-id"(exchange) {
        const { client, before, args } = exchange;
        if (client === null || client.confirmed || before !== null) return;
        newcomers.set(client.server, args.ownerHex, { ...exchange, client });
      },
      "create-session-call"({ client }) {
        if (client?.ownerHex != null) newcomers.delete(client.server, client.ownerHex);
      },
      answer(call) {
        const { session, reply, connection } = call;
        if (reply?.sequenceStatus !== NFS4ERR_BADSESSION || !session?.isLive || session.client?.ownerHex == null)
          return;
        const { client } = session;
        const exchange = newcomers.get(session.server, session.client.ownerHex);
        if (exchange?.reply == null || exchange.client === client || exchange.args.verifier === client!.verifier)
          return;
        const knownAt = lastKnownAt(session);
        // What lived on did not end by the EXCHANGE_ID, and what was not renewed since may have run out.
        const wasKnown = knownAt < exchange.reply.at && call.at - knownAt < session.server.leaseNanos;
        // Another principal takes over at once what has no state. RFC 8881 §18.35.4 item 3
        if (isAnotherPrincipal(exchange.call.principal, client!.principal)) return;
        // A server that restarted would have lost the connection.
        const isUnbroken = session.isBound(connection, "fore") && connection.opened.at < knownAt;
        if (call.at < exchange.reply.at || !wasKnown || !isUnbroken) return;
        context.report({
          call,
          because: doubtsOf(client!, context),
          since: knownAt,
          frames: [...exchangeFrames(exchange.call, exchange.reply), ...exchangeFrames(call)],
          expected: { status: [NFS4_OK] },
          actual: { status: [NFS4ERR_BADSESSION] },
          message: `session ${session.id} ended when owner ${ownerText(exchange.args.ownerHex)} sent EXCHANGE_ID with another verifier, before any CREATE_SESSION`,
        });
      },
    };
  },
};

function isAnotherPrincipal(one: number, other: number): boolean {
  return one !== other && one !== PRINCIPAL_UNKNOWN && other !== PRINCIPAL_UNKNOWN;
}
