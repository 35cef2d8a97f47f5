import {
  NFS4_OK,
  NFS4ERR_DELAY,
  OP_BIND_CONN_TO_SESSION,
  OP_CREATE_SESSION,
  OP_DESTROY_CLIENTID,
  OP_DESTROY_SESSION,
  OP_EXCHANGE_ID,
  operationName,
} from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import type { ObservedClient } from "../../session/observed-client.ts";
import type { ObservedServer } from "../../session/observed-server.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import type { Sighting } from "../../session/sighting.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

/** Operations without SEQUENCE that are followed at the same time, for each server. */
const RUNS_MAX = 1024;

/** One request and the DELAYs it got. */
interface Run {
  readonly first: Sighting;
  /** What tells it from another request on the same slot. */
  readonly seq: number;
  readonly fingerprint: number;
  attempts: number;
}

/** DELAY without an end for one request while the others pass: it may come from a reply cache. */
export const delayFromCache: Rule = {
  id: "delay-from-cache",
  severity: "warning",
  fault: "server",
  title: "One request gets NFS4ERR_DELAY for ever",
  rfc: "RFC 8881 15.1.1.3",
  help: {
    means:
      "The same SEQUENCE, or the same operation without SEQUENCE, was sent ten times or more over a minute (and over the lease) and got NFS4ERR_DELAY each time, while other requests of the client succeeded. Such a request must be judged afresh each time.",
    hurts: "If the server answers it from a reply cache the client waits for ever.",
    todo: "In the server, do not cache NFS4ERR_DELAY of SEQUENCE and of operations without SEQUENCE.",
  },
  downgrades: { M: 1, V: 1 },
  options: { attempts: 10, durationSeconds: 60 },
  watch(context) {
    const runs = new Runs(context);
    const unsequenced = (operation: number, key: string, answer: Answer, client: () => ObservedClient | null) =>
      runs.unsequenced(operation, `${operation} ${key}`, answer, client);
    return {
      answer: (call) => runs.sequenced(call),
      "exchange-id": (answer) =>
        unsequenced(OP_EXCHANGE_ID, `${answer.args.ownerHex} ${answer.args.verifier}`, answer, () => ownerOf(answer)),
      "create-session": (answer) =>
        unsequenced(OP_CREATE_SESSION, `${answer.args.clientId} ${answer.args.sequence}`, answer, () => answer.client),
      "bind-conn-to-session": (answer) =>
        unsequenced(
          OP_BIND_CONN_TO_SESSION,
          `${answer.args.sessionId} ${answer.call.connection.id}`,
          answer,
          () => answer.session?.client ?? null,
        ),
      "destroy-session": (answer) =>
        unsequenced(OP_DESTROY_SESSION, answer.args.sessionId, answer, () => answer.session?.client ?? null),
      "destroy-clientid": (answer) =>
        unsequenced(OP_DESTROY_CLIENTID, answer.args.clientId, answer, () => answer.client),
    };
  },
};

type Answer = Pick<Facts["destroy-session"], "call" | "reply" | "status">;

/** The requests that are being delayed, and how often they were. */
class Runs {
  readonly #bySlot = new WeakMap<ObservedSlot, Run>();
  readonly #byServer = new WeakMap<ObservedServer, Map<string, Run>>();
  readonly #report: RuleContext["report"];
  readonly #attempts: number;
  readonly #durationNanos: number;

  constructor({ report, option }: RuleContext) {
    this.#report = report;
    this.#attempts = option("attempts");
    this.#durationNanos = option("durationSeconds") * 1e9;
  }

  sequenced(call: Call): void {
    const { slot, reply, session } = call;
    if (slot === null || reply === null || session === null || call.channel === "back") return;
    if (reply.sequenceStatus !== NFS4ERR_DELAY) return;
    // A retry gets DELAY as long as its original runs: that is as it should be. RFC 8881 §2.10.6.2
    if (call.original !== null) return;
    let run = this.#bySlot.get(slot);
    if (run === undefined || run.seq !== call.seq || run.fingerprint !== call.fingerprint) {
      run = { first: call, seq: call.seq, fingerprint: call.fingerprint, attempts: 0 };
      this.#bySlot.set(slot, run);
    }
    this.#check(run, call, reply, `slot ${call.slotId} seq ${call.seq}`, () => session.lastRenewalAt);
  }

  unsequenced(operation: number, key: string, answer: Answer, client: () => ObservedClient | null): void {
    const { call, reply, status } = answer;
    const server = call.connection.serverInstance;
    if (server === null || reply === null || call.slotId >= 0) return;
    const runs = runsOf(this.#byServer, server);
    if (status !== NFS4ERR_DELAY) {
      runs.delete(key);
      return;
    }
    let run = runs.get(key);
    if (run === undefined) {
      if (runs.size >= RUNS_MAX) return;
      run = { first: call, seq: -1, fingerprint: 0, attempts: 0 };
      runs.set(key, run);
    }
    this.#check(run, call, reply, operationName(operation), () => lastSuccess(client()));
  }

  #check(run: Run, call: Call, reply: Reply, what: string, othersAt: () => number): void {
    run.attempts++;
    const elapsed = reply.at - run.first.at;
    const lease = call.connection.serverInstance?.leaseNanos ?? 0;
    if (run.attempts % this.#attempts !== 0 || elapsed <= Math.max(this.#durationNanos, lease)) return;
    if (othersAt() <= run.first.at) return;
    this.#report({
      ...subject(call, call.session),
      since: run.first.at,
      because: ["V"],
      frames: [run.first, ...exchangeFrames(call, reply)],
      expected: { status: [NFS4_OK], text: "a fresh judgement" },
      actual: { status: [NFS4ERR_DELAY] },
      message: `${what} got NFS4ERR_DELAY ${run.attempts} times over ${seconds(elapsed)} while other requests succeeded`,
    });
  }
}

function runsOf(byServer: WeakMap<ObservedServer, Map<string, Run>>, server: ObservedServer): Map<string, Run> {
  let runs = byServer.get(server);
  if (runs === undefined) {
    runs = new Map();
    byServer.set(server, runs);
  }
  return runs;
}

function lastSuccess(client: ObservedClient | null): number {
  let last = Number.NEGATIVE_INFINITY;
  for (const { lastRenewalAt } of client?.sessions ?? []) if (lastRenewalAt > last) last = lastRenewalAt;
  return last;
}

/** An EXCHANGE_ID that failed names no client ID; an earlier one of the same owner may have. */
function ownerOf({ call, args, status, client }: Facts["exchange-id"]): ObservedClient | null {
  if (client !== null || status === NFS4_OK) return client;
  for (const known of call.connection.serverInstance?.clientsOf(args.ownerHex) ?? []) return known;
  return null;
}
