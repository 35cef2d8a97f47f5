import type { Call, Reply } from "../../session/call.ts";
import type { ClientRecord } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isInUse, lastRenewalOf } from "../lease-state.ts";
import { Outlived } from "../outlived.ts";
import { ownerText } from "../owner-text.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { subject } from "../subject.ts";

interface Reuse {
  readonly call: Call;
  readonly reply: Reply;
  readonly status: number;
  /** Whose it was, and when that one was last served. */
  readonly before: ClientRecord;
  readonly usedAt: number;
  readonly ownerHex: string;
  /** The owner that got it as well. */
  readonly taker: string;
}

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
  watch(context) {
    // Before a restart it may have been somebody else's.
    const outlived = new Outlived<Reuse>(context, (reuse) => tell(context, reuse));
    return {
      ...outlived.handlers,
      "exchange-id"({ call, args, reply, status, before }) {
        const ownerHex = before?.ownerHex ?? null;
        if (before === null || reply === null || ownerHex === null || ownerHex === args.ownerHex) return;
        const { client } = before;
        if (!isInUse(client, call.at)) return;
        const usedAt = lastRenewalOf(client);
        const reuse = { call, reply, status, before, usedAt, ownerHex, taker: args.ownerHex };
        outlived.add(client.server, usedAt, reply.at, reuse);
      },
    };
  },
};

function tell({ report }: RuleContext, { call, reply, status, before, usedAt, ownerHex, taker }: Reuse): void {
  const { clientId, firstSeen, server } = before.client;
  report({
    ...subject(call, null),
    client: before.client,
    because: server.leaseSeconds === null ? ["V"] : [],
    since: usedAt,
    frames: [firstSeen, ...exchangeFrames(call, reply)],
    expected: { text: "another client ID" },
    actual: { status: [status], text: `client ID 0x${clientId}` },
    message: `client ID 0x${clientId} of owner ${ownerText(ownerHex)} was given to owner ${ownerText(taker)} as well`,
  });
}
