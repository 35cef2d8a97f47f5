import { operationNamed } from "../../src/nfs4/op-table.ts";
import { CREATE4args } from "../../src/nfs4/ops/namespace.ts";
import type { ManagedOutcome } from "../../src/requester/managed-request.ts";
import type { ManagedSession } from "../../src/requester/managed-session.ts";
import { operationCall } from "../../src/requester/operation-call.ts";
import { EmbeddedWorld } from "./embedded-server.ts";
import { integer, random } from "./random.ts";

const NF4DIR = 2;
/** Of a segment of 400 bytes, that the connection breaks. */
const BREAKS_MAX = 0.1;
/** Quiet time in which everything that is on its way arrives, and whatever has to be repeated is. */
const SETTLE_MILLIS = 600_000;

const create = operationCall("CREATE", CREATE4args);
const putRoot = { operation: operationNamed("PUTROOTFH")!, value: undefined };

/** One run: what is sent, over what network. Everything follows from the seed. */
export interface Script {
  readonly seed: number;
  readonly requests: number;
  readonly slots: number;
  readonly connections: number;
  readonly cached: number;
  readonly latencyMillis: number;
  readonly segmentBytes: number;
  /** Of each segment, that the connection breaks. */
  readonly breaks: number;
}

/** The script of a seed. */
export function scriptOf(seed: number): Script {
  const next = random(seed);
  const segmentBytes = integer(next, 8, 400);
  return {
    seed,
    requests: integer(next, 5, 30),
    slots: integer(next, 1, 8),
    connections: integer(next, 1, 4),
    cached: next(),
    latencyMillis: integer(next, 0, 40),
    segmentBytes,
    // As often for the bytes, whatever they are cut into: a network that lets nothing through shows nothing.
    breaks: next() < 0.2 ? 0 : (next() * BREAKS_MAX * segmentBytes) / 400,
  };
}

/** Runs a script and gives what is wrong at its end; empty when nothing is. */
export async function faultsOf(script: Script, faults: readonly string[] = []): Promise<string[]> {
  const next = random(script.seed ^ 0x5bd1e995);
  let isCalm = false;
  const world = new EmbeddedWorld({
    seed: script.seed,
    faults,
    // Nobody renews the lease in the quiet time.
    server: { slots: script.slots, leaseSeconds: 3600 },
    link: {
      latencyMillis: () => next() * script.latencyMillis,
      segmentBytes: () => integer(next, 1, script.segmentBytes),
      breaks: () => !isCalm && next() < script.breaks,
    },
  });
  const session = await opened(world, script);
  if (session === null) return [];
  const outcomes = await send(world, session, script, next);
  isCalm = true;
  await world.timers.advance(SETTLE_MILLIS);
  return [...executionFaults(world, outcomes), ...slotFaults(world, session), ...world.log];
}

/** Null where the network never let a session come about. */
async function opened(world: EmbeddedWorld, { connections }: Script): Promise<ManagedSession | null> {
  try {
    return await world.managed({ connections, patienceMillis: 3_600_000 });
  } catch {
    return null;
  }
}

/** Makes a directory a request: done twice it fails, and the directory above counts its changes. */
async function send(
  world: EmbeddedWorld,
  session: ManagedSession,
  { requests, cached }: Script,
  next: () => number,
): Promise<ManagedOutcome[]> {
  const waiting: Promise<ManagedOutcome>[] = [];
  for (let index = 0; index < requests; index++) {
    const createattrs = { attrmask: [], attr_vals: new Uint8Array(0) };
    const made = create({ objtype: { type: NF4DIR }, objname: `d${index}`, createattrs });
    waiting.push(session.compound([putRoot, made], { cachethis: next() < cached }));
    if (next() < 0.3) await world.timers.advance(next() * 50);
  }
  return world.timers.until(Promise.all(waiting));
}

function executionFaults({ server }: EmbeddedWorld, outcomes: readonly ManagedOutcome[]): string[] {
  const { root } = server.fileSystem;
  const wrong = outcomes.flatMap((outcome, index) => {
    const isThere = root.directory.get(`d${index}`) !== undefined;
    const isOk =
      outcome.kind === "reply" ? outcome.reply.status === 0 && isThere : outcome.kind === "uncached" && isThere;
    if (isOk || outcome.kind === "unsure" || (outcome.kind === "failed" && !isThere)) return [];
    const status = "reply" in outcome ? ` status ${outcome.reply.status}` : "";
    return [`request ${index}: ${outcome.kind}${status}, and the directory is ${isThere ? "" : "not "}there`];
  });
  // The change attribute began at 1: each execution that did something counts one.
  const executed = Number(root.change) - 1;
  return executed === root.directory.size
    ? wrong
    : [...wrong, `${executed} executions made ${root.directory.size} directories`];
}

function slotFaults({ server }: EmbeddedWorld, session: ManagedSession): string[] {
  const model = session.session?.model;
  const served = model === undefined ? null : server.registry.find(model.record.id);
  if (model === undefined || served === null) return ["the session is gone"];
  const slots = Array.from({ length: served.model.fore.size }, (_, slotId) => slotId);
  return slots.flatMap((slotId) => {
    const [ours, theirs] = [model.fore.lastSeqOf(slotId), served.model.fore.slot(slotId)?.lastSeq];
    return ours === theirs ? [] : [`slot ${slotId}: the requester is at ${ours}, the server at ${theirs}`];
  });
}

/** The shortest script that still goes wrong, found by leaving requests out at the end. */
export async function shortest(script: Script): Promise<Script> {
  for (let requests = 1; requests < script.requests; requests++) {
    const shorter = { ...script, requests };
    if ((await faultsOf(shorter)).length > 0) return shorter;
  }
  return script;
}
