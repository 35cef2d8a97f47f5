import { exchangeFrames } from "../exchange-frames.ts";
import { hasLivedThrough, isInUse, lastRenewalOf } from "../lease-state.ts";
import { ownerText } from "../owner-text.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A client ID in use was given to somebody else. */
export const clientidLiveReuse: Rule = {
  id: "clientid-live-reuse",
  severity: "error",
  fault: "server",
  title: "A client ID in use was given to another client",
  rfc: "RFC 8881 18.35.3, 2.4",
  help: {
    means:
      "EXCHANGE_ID of one client owner returned a client ID under which another owner has a live session on the same server (same so_major_id and server scope).",
    hurts: "Two clients share their opens, locks and lease: each can release what the other holds.",
    todo: "In the server, look for client IDs that are counted in each node of a cluster, or wrap around.",
  },
  downgrades: { V: 1, G: "off" },
  watch: ({ report, connections }) => ({
    "exchange-id"({ call, args, reply, status, client, before }) {
      if (before === null || reply === null || before.ownerHex === null || before.ownerHex === args.ownerHex) return;
      const { server, clientId } = before.client;
      const usedAt = lastRenewalOf(before.client);
      // Before a restart it may have been somebody else's.
      if (!isInUse(before.client, call.at) || !hasLivedThrough(server, connections, usedAt, reply.at)) return;
      report({
        ...subject(call, null),
        client,
        because: server.leaseSeconds === null ? ["V"] : [],
        since: usedAt,
        frames: [before.client.firstSeen, ...exchangeFrames(call, reply)],
        expected: { text: "another client ID" },
        actual: { status: [status], text: `client ID 0x${clientId}` },
        message: `client ID 0x${clientId} of owner ${ownerText(before.ownerHex)} was given to owner ${ownerText(args.ownerHex)} as well`,
      });
    },
  }),
};
