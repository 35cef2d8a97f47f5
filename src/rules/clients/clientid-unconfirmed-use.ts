import type { Call, Reply } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import { doubtsOf } from "../client-doubts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

/** Client IDs that wait for their CREATE_SESSION. */
const WAITING_MAX = 1024;

interface Waiting {
  readonly client: ObservedClient;
  readonly call: Call;
  readonly reply: Reply;
}

/** EXCHANGE_ID and then nothing. */
export const clientidUnconfirmedUse: Rule = {
  id: "clientid-unconfirmed-use",
  severity: "note",
  fault: "client",
  title: "A client ID was never used",
  rfc: "RFC 8881 18.35.4",
  help: {
    means:
      "EXCHANGE_ID returned a new client ID, and no CREATE_SESSION with it came within a lease; nor has the client owner another client ID that is in use. Asking an address for its server owner looks like that.",
    hurts: "Nothing: the server forgets the client ID after a lease.",
    todo: "If a mount hangs, see why the client did not go on to CREATE_SESSION.",
    seenIn: "probes for trunking; pynfs",
  },
  downgrades: { H: 1, G: "off", P: "off", T: "off" },
  watch(context) {
    const { report, servers } = context;
    let waiting: Waiting[] = [];
    const asked = new WeakSet<ObservedClient>();
    const judge = (at: number) => {
      if (waiting.length === 0 || at - waiting[0]!.reply.at <= waiting[0]!.client.server.leaseNanos) return;
      const isDue = ({ client, reply }: Waiting) => at - reply.at > client.server.leaseNanos;
      const due = waiting.filter(isDue);
      waiting = waiting.filter((entry) => !isDue(entry));
      for (const { client, call, reply } of due) {
        if (asked.has(client) || client.confirmed || client.ended !== null || isSettled(servers, client)) continue;
        report({
          ...subject(call, null),
          client,
          because: doubtsOf(client, context),
          since: call.at,
          frames: exchangeFrames(call, reply),
          expected: { text: "CREATE_SESSION" },
          message: `no CREATE_SESSION used client ID 0x${client.clientId} within ${seconds(client.server.leaseNanos)}`,
        });
      }
    };
    return {
      "exchange-id"({ call, reply, client }) {
        if (client === null || client.confirmed || reply === null) return;
        // Another attempt takes the place of the one before. RFC 8881 §18.35.4 item 4
        waiting = waiting.filter((entry) => entry.client.ownerHex !== client.ownerHex);
        if (waiting.length < WAITING_MAX) waiting.push({ client, call, reply });
      },
      "create-session-call"({ client }) {
        if (client !== null) asked.add(client);
      },
      tick: judge,
      end: judge,
    };
  },
};

/** The owner has a client ID that works, on this server or on the one that it was looking for. */
function isSettled(servers: Iterable<ObservedServer>, { ownerHex }: ObservedClient): boolean {
  if (ownerHex === null) return false;
  for (const server of servers) for (const client of server.clientsOf(ownerHex)) if (client.confirmed) return true;
  return false;
}
