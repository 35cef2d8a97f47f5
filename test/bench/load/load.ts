import { NFS4_OK } from "../../../src/nfs4/constants.ts";
import { FORE_WISHES } from "../../../src/requester/channel-wishes.ts";
import { replyText } from "../../../src/requester/compound-reply.ts";
import type { ManagedOutcome } from "../../../src/requester/managed-request.ts";
import { ManagedSession } from "../../../src/requester/managed-session.ts";
import { Requester } from "../../../src/requester/requester.ts";
import { authSys } from "../../../src/rpc/write.ts";
import { systemRandom } from "../../../src/sys/random.ts";
import { connect, type Endpoint } from "../../../src/sys/sockets.ts";
import { systemTimers } from "../../../src/sys/timers.ts";
import { Latencies } from "./latencies.ts";
import type { Work, WorkFile } from "./works.ts";

export const SLOTS = 64;
export const CONNECTIONS = 4;

/** What came of a time of load. */
export interface LoadFigures {
  readonly operations: number;
  readonly seconds: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  /** The first thing that went wrong; null when nothing did. */
  readonly failure: string | null;
}

/** A session with all its slots and connections. */
export async function openSession(endpoint: Endpoint): Promise<ManagedSession> {
  const requester = new Requester({
    connect: () => connect(endpoint),
    timers: systemTimers,
    random: systemRandom,
    owner: { ownerId: systemRandom(16), verifier: systemRandom(8) },
    cred: authSys({ machineName: Buffer.from("load"), uid: 0, gid: 0 }),
  });
  const fore = { ...FORE_WISHES, maxRequests: SLOTS };
  const session = new ManagedSession(requester, { connections: CONNECTIONS, wishes: { fore } });
  const trouble = await session.open();
  if (trouble !== null) throw new Error(trouble);
  const granted = session.session!.granted.maxRequests;
  if (granted < SLOTS) throw new Error(`only ${granted} slots were granted`);
  while (session.connections.length < CONNECTIONS) {
    await new Promise<void>((resolve) => systemTimers.after(1, resolve));
  }
  return session;
}

/** Keeps a request on its way for each file until `isOver`, which is asked with the number of answers so far. */
export async function load(
  { compound }: ManagedSession,
  work: Work,
  files: readonly WorkFile[],
  isOver: (operations: number) => boolean,
): Promise<LoadFigures> {
  const latencies = new Latencies();
  const startedAt = performance.now();
  let operations = 0;
  let failure: string | null = null;
  const keepBusy = async (file: WorkFile) => {
    const calls = work.operations(file);
    while (failure === null && !isOver(operations)) {
      const sentAt = performance.now();
      const outcome = await compound(calls, { cachethis: false });
      latencies.add(performance.now() - sentAt);
      operations++;
      failure ??= complaint(outcome);
    }
  };
  await Promise.all(files.map(keepBusy));
  return {
    operations,
    seconds: (performance.now() - startedAt) / 1000,
    p50Millis: latencies.percentile(50),
    p99Millis: latencies.percentile(99),
    failure,
  };
}

function complaint(outcome: ManagedOutcome): string | null {
  if (outcome.kind !== "reply") return "why" in outcome ? outcome.why : outcome.kind;
  return outcome.reply.status === NFS4_OK ? null : replyText(outcome.reply);
}
