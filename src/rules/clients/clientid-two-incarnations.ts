import { exchangeFrames } from "../exchange-frames.ts";
import { hasLivedThrough } from "../lease-state.ts";
import { ownerText } from "../owner-text.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A client ID stands for one incarnation of a client owner. */
export const clientidTwoIncarnations: Rule = {
  id: "clientid-two-incarnations",
  severity: "error",
  fault: "server",
  title: "Two incarnations of a client got the same client ID",
  rfc: "RFC 8881 18.35.3",
  help: {
    means:
      "EXCHANGE_ID with a new co_verifier, that is from a client that restarted, returned the client ID of the incarnation before. The RFC forbids it.",
    hurts:
      "Locks and opens of the dead incarnation pass to the new one, which knows nothing of them: files stay locked, and old requests may be taken for new ones.",
    todo: "In the server, make a new client ID when the verifier differs; look for client IDs that are derived from the owner string alone.",
  },
  pynfs: ["EID5f", "EID5fb"],
  downgrades: { V: 2 },
  supersedes: ["exchange-id-update-case"],
  watch: ({ report, connections }) => ({
    "exchange-id"({ call, args, reply, status, client, before }) {
      if (before === null || reply === null || before.verifier === null) return;
      if (before.ownerHex !== args.ownerHex || before.verifier === args.verifier) return;
      const { server, firstSeen } = before.client;
      // A server that restarted meanwhile may begin to count anew; two restarts at once are a power cut.
      const hasLived = hasLivedThrough(server, connections, firstSeen.at, reply.at);
      report({
        ...subject(call, null),
        client,
        because: hasLived ? [] : ["V"],
        frames: [firstSeen, ...exchangeFrames(call, reply)],
        expected: { text: "another client ID" },
        actual: { status: [status], text: `client ID 0x${before.client.clientId}` },
        message: `owner ${ownerText(args.ownerHex)} with verifier 0x${args.verifier} got client ID 0x${before.client.clientId}, which belongs to its verifier 0x${before.verifier}`,
      });
    },
  }),
};
