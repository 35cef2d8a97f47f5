import { EXCHGID4_FLAG_SUPP_FENCE_OPS, NFS4_OK } from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

/** Operations in progress that are remembered for one answer. */
const RUNNING_MAX = 64;
/** Answers that wait for the fate of such operations. */
const FENCES_MAX = 256;
/** Client owners with the capability, for each server. */
const OWNERS_MAX = 4096;

/** An answer that promised that nothing of the client is in progress any more. */
interface Fence {
  readonly call: Call;
  readonly reply: Reply;
  readonly client: ObservedClient;
  readonly running: readonly Call[];
  readonly what: string;
}

/** FENCE_OPS: the end of a session is told only after the end of what runs in it. */
export const fenceOpsBroken: Rule = {
  id: "fence-ops-broken",
  severity: "error",
  fault: "server",
  title: "Operations went on after the server had promised that they were over",
  rfc: "RFC 7862 14.1.4",
  help: {
    means:
      "EXCHANGE_ID returned EXCHGID4_FLAG_SUPP_FENCE_OPS: DESTROY_SESSION, and EXCHANGE_ID with a new verifier, are answered only when all operations in progress are completed or aborted. An operation completed after that answer.",
    hurts: "Applications that rely on fencing (cluster failover, databases) see late writes: data corruption.",
    todo: "In the server, wait for, or abort, all operations of the client ID before answering; or do not set the flag.",
  },
  downgrades: { O: 1, V: 1 },
  watch(context) {
    let fences: Fence[] = [];
    const fenced = new WeakMap<ObservedServer, Map<string, ObservedClient>>();
    const raise = (client: ObservedClient, call: Call, reply: Reply, what: string) => {
      const running = runningOf(client, call);
      if (running.length > 0 && fences.length < FENCES_MAX) fences.push({ call, reply, client, running, what });
    };
    const settle = (isOver: boolean) => {
      if (fences.length === 0) return;
      fences = fences.filter((fence) => {
        const late = fence.running.find((call) => completedAfter(call, fence));
        if (late !== undefined) accuse(context, fence, late);
        return late === undefined && !isOver && fence.running.some((call) => call.isOutstanding);
      });
    };
    return {
      "exchange-id"({ call, reply, result, client, args }) {
        if (result === null || reply === null || client === null) return;
        const owners = ownersOf(fenced, client.server);
        const before = owners.get(args.ownerHex);
        if (before !== undefined && before !== client && before.verifier !== args.verifier) {
          raise(before, call, reply, "EXCHANGE_ID with a new verifier");
        }
        if ((result.flags & EXCHGID4_FLAG_SUPP_FENCE_OPS) === 0) return;
        // An incarnation without sessions has nothing in progress: the one before still counts.
        if (before === undefined || before.sessions.length === 0) {
          if (before !== undefined || owners.size < OWNERS_MAX) owners.set(args.ownerHex, client);
        }
      },
      "session-opened"({ client }) {
        if (client === null || client.ownerHex === null) return;
        if ((client.exchangeFlags & EXCHGID4_FLAG_SUPP_FENCE_OPS) === 0) return;
        const owners = ownersOf(fenced, client.server);
        if (owners.has(client.ownerHex) || owners.size < OWNERS_MAX) owners.set(client.ownerHex, client);
      },
      "destroy-session"({ call, reply, status, session }) {
        const client = session?.client ?? null;
        if (client === null || reply === null || status !== NFS4_OK) return;
        if ((client.exchangeFlags & EXCHGID4_FLAG_SUPP_FENCE_OPS) !== 0) raise(client, call, reply, "DESTROY_SESSION");
      },
      tick: () => settle(false),
      end: () => settle(true),
    };
  },
};

function ownersOf(fenced: WeakMap<ObservedServer, Map<string, ObservedClient>>, server: ObservedServer) {
  let owners = fenced.get(server);
  if (owners === undefined) {
    owners = new Map();
    fenced.set(server, owners);
  }
  return owners;
}

function runningOf({ sessions }: ObservedClient, asking: Call): Call[] {
  const running: Call[] = [];
  for (const { fore } of sessions) {
    if (fore.outstanding === 0) continue;
    for (const { current } of fore.used()) {
      if (current === null || current === asking || !current.isOutstanding || current.operations.isLoneSequence)
        continue;
      running.push(current);
      if (running.length === RUNNING_MAX) return running;
    }
  }
  return running;
}

/** It was executed: an operation that was aborted answers with an error. */
function completedAfter({ reply }: Call, fence: Fence): boolean {
  return reply !== null && reply.status === NFS4_OK && reply.at > fence.reply.at;
}

function accuse({ report, isOrdered }: RuleContext, { call, reply, client, what }: Fence, late: Call): void {
  const lateReply = late.reply!;
  report({
    ...subject(late, late.session),
    client,
    since: late.at,
    because: isOrdered(reply, call.connection, lateReply, late.connection) ? [] : ["O"],
    frames: [late, ...exchangeFrames(call, reply), lateReply],
    expected: { text: `${what} answered after the reply on slot ${late.slotId}` },
    actual: { text: `answered ${seconds(lateReply.at - reply.at)} before it` },
    message: `${what} was answered NFS4_OK, and slot ${late.slotId} seq ${late.seq} completed ${seconds(lateReply.at - reply.at)} later in spite of FENCE_OPS`,
  });
}
