import { NFS4ERR_CLID_INUSE, OP_CREATE_SESSION, OP_EXCHANGE_ID, operationName } from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { ownerText } from "../owner-text.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { ServerMemory } from "../server-memory.ts";
import { subject } from "../subject.ts";

/** Client owners of a server whose verifiers are remembered. */
const OWNERS_MAX = 4096;
/** Verifiers remembered of an owner: clients that collide take turns. */
const VERIFIERS_MAX = 8;
/** Linux sends it for a moment to have its own state dropped, then comes back with the one it had before. */
const PURGING_VERIFIER = "f".repeat(16);

/** What is known of an owner. */
interface Owner {
  /** Newest first. */
  readonly uses: Use[];
  /** The client ID that was told of first: each turn brings a new one, and all are one finding. */
  collided: ObservedClient | null;
}

/** The last use of a verifier. */
interface Use {
  readonly verifier: string;
  readonly call: Call;
}

/** Two clients call themselves the same. */
export const ownerCollision: Rule = {
  id: "owner-collision",
  severity: "warning",
  fault: "client",
  title: "Two clients use the same client owner",
  rfc: "RFC 8881 2.4.3, 15.1.13.2, 18.35.4 item 3",
  help: {
    means:
      "The server answered NFS4ERR_CLID_INUSE: the client owner belongs to another principal. Or two hosts take turns with different verifiers for one owner, each of which looks like a restart of the other. A single change of the verifier is a reboot, and nothing is said.",
    hurts:
      "Each client that comes throws the other out: sessions end, locks are lost, and both recover for ever at great cost.",
    todo: "Give each client its own owner string; on Linux set the nfs4_unique_id parameter of the nfs module, and give cloned machines host names of their own.",
    seenIn: "cloned virtual machines and containers with equal host names",
  },
  pynfs: ["CSESS9"],
  downgrades: { O: 1 },
  watch(context) {
    const uses = new ServerMemory<Owner>(OWNERS_MAX);
    return {
      "exchange-id"(exchange) {
        const { call, args, reply, status, client } = exchange;
        if (status === NFS4ERR_CLID_INUSE) refused(context, call, reply, null, OP_EXCHANGE_ID, args.ownerHex);
        if (client !== null && args.verifier !== PURGING_VERIFIER) takeTurn(context, uses, exchange, client);
      },
      "create-session"({ call, reply, status, client }) {
        if (status === NFS4ERR_CLID_INUSE)
          refused(context, call, reply, client, OP_CREATE_SESSION, client?.ownerHex ?? null);
      },
    };
  },
};

function refused(
  { report }: RuleContext,
  call: Call,
  reply: Reply | null,
  client: ObservedClient | null,
  operation: number,
  ownerHex: string | null,
): void {
  const owner = ownerHex === null ? "the client owner" : `owner ${ownerText(ownerHex)}`;
  report({
    ...subject(call, null),
    client,
    frames: exchangeFrames(call, reply),
    expected: { text: "a client owner of its own" },
    actual: { status: [NFS4ERR_CLID_INUSE] },
    message: `${operationName(operation)} from ${call.connection.clientAddress}: ${owner} is in use by another principal`,
  });
}

/** Tells of a verifier that comes back after another host's. */
function takeTurn(
  { report, isOrdered }: RuleContext,
  owners: ServerMemory<Owner>,
  { call, args, reply }: Facts["exchange-id"],
  client: ObservedClient,
): void {
  const owner = owners.obtain(client.server, args.ownerHex, () => ({ uses: [], collided: null }));
  const { uses } = owner;
  const earlier = uses.findIndex(({ verifier }) => verifier === args.verifier);
  const between = uses[0];
  if (earlier > 0 && between !== undefined) {
    const before = uses[earlier]!;
    const isOther = between.call.connection.clientAddress !== call.connection.clientAddress;
    if (isOther && isOrdered(between.call, between.call.connection, call, call.connection)) {
      owner.collided ??= client;
      report({
        ...subject(call, null),
        client: owner.collided,
        frames: [before.call, between.call, ...exchangeFrames(call, reply)],
        expected: { text: "a client owner of its own" },
        actual: { text: `verifier 0x${args.verifier}, then 0x${between.verifier}, then 0x${args.verifier}` },
        message: `${call.connection.clientAddress} and ${between.call.connection.clientAddress} take turns as owner ${ownerText(args.ownerHex)}: verifier 0x${args.verifier} is back after 0x${between.verifier}`,
      });
    }
  }
  if (earlier >= 0) uses.splice(earlier, 1);
  uses.unshift({ verifier: args.verifier, call });
  if (uses.length > VERIFIERS_MAX) uses.pop();
}
