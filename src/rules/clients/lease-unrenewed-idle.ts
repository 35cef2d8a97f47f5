import type { Call } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { doubtsOf } from "../client-doubts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { lastRenewalOf } from "../lease-state.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** A client went away without a word. */
export const leaseUnrenewedIdle: Rule = {
  id: "lease-unrenewed-idle",
  severity: "note",
  fault: "client",
  title: "A client stopped renewing its lease and was not seen again",
  rfc: "RFC 8881 2.10.13.2.2, 8.3",
  help: {
    means:
      "The last SEQUENCE of the client ID is more than a lease before the end of the capture, and its sessions were not destroyed: the client crashed, was cut off, or unmounted without DESTROY_SESSION and DESTROY_CLIENTID.",
    hurts: "Until the lease is over other clients wait for what it holds.",
    todo: "If others complain of files that stay locked, look here for who holds them.",
  },
  downgrades: { H: 1, G: "off", P: "off" },
  watch: (context) => ({
    end(at) {
      for (const { clients } of context.servers) {
        const successors = latestByOwner(clients.values());
        for (const client of clients.values()) {
          const session = client.ended === null ? client.sessions.findLast(({ isLive }) => isLive) : undefined;
          const isSucceeded = lastUseOf(client) < (successors.get(client.ownerHex)?.firstSeen.at ?? 0);
          if (session !== undefined && !isSucceeded && isGone(client, at)) tell(context, client, session, at);
        }
      }
    },
  }),
};

/** The newest client ID of each owner: it goes on there after the server has forgotten an older one. */
function latestByOwner(clients: Iterable<ObservedClient>): ReadonlyMap<string | null, ObservedClient> {
  const latest = new Map<string | null, ObservedClient>();
  for (const client of clients) if (client.ownerHex !== null) latest.set(client.ownerHex, client);
  return latest;
}

function tell(context: RuleContext, client: ObservedClient, session: ObservedSession, at: number): void {
  const usedAt = lastUseOf(client);
  const last = lastExchange(session);
  context.report({
    session,
    client,
    ...(last === null ? {} : { connection: last.connection }),
    because: doubtsOf(client, context),
    since: usedAt,
    frames: last === null ? [session.firstSeen] : exchangeFrames(last),
    expected: { text: "a SEQUENCE within the lease" },
    message: `client ID 0x${client.clientId} sent nothing in the last ${seconds(at - usedAt)} of the capture (lease_time ${seconds(client.server.leaseNanos)}), and session ${session.id} was not destroyed`,
  });
}

/** Silent for a lease, and that not because it waits for an answer: a running compound keeps the lease. RFC 8881 §8.3 */
function isGone(client: ObservedClient, at: number): boolean {
  const usedAt = lastUseOf(client);
  const { leaseNanos, restarts } = client.server;
  // What the server forgot when it restarted no client gives back.
  if (at - usedAt <= leaseNanos || (restarts.at(-1)?.at ?? usedAt) > usedAt) return false;
  return !client.sessions.some((session) => isWaiting(session) || session.hasGapBetween(usedAt, at));
}

function lastUseOf(client: ObservedClient): number {
  return client.sessions.reduce((latest, { lastCallAt }) => Math.max(latest, lastCallAt), lastRenewalOf(client));
}

function isWaiting({ fore }: ObservedSession): boolean {
  for (const { current } of fore.used())
    if (current !== null && current.reply === null && current.connection.isOpen) return true;
  return false;
}

function lastExchange({ fore }: ObservedSession): Call | null {
  let last: Call | null = null;
  for (const { current } of fore.used())
    if (current !== null && current.at > (last?.at ?? Number.NEGATIVE_INFINITY)) last = current;
  return last;
}
