import { OP_GETATTR, OP_PUTFH, OP_SEQUENCE } from "../../src/nfs4/constants.ts";
import { Call, NO_STATUS, Reply } from "../../src/session/call.ts";
import type { ChannelAttributes } from "../../src/session/channel-attributes.ts";
import type { CreateSessionArgs, CreateSessionResult, FactKind } from "../../src/session/facts.ts";
import { Observation } from "../../src/session/observation.ts";
import { ObservedConnection } from "../../src/session/observed-connection.ts";
import type { ObservedSession } from "../../src/session/observed-session.ts";
import type { ObservedSlot } from "../../src/session/observed-slot.ts";
import { OperationLists } from "../../src/session/operation-list.ts";
import { SessionOperations } from "../../src/session/session-operations.ts";
import type { SlotBudget } from "../../src/session/slot-budget.ts";

export const SERVER = "10.0.0.1:2049";
export const SESSION = "0a".repeat(16);
const STEP_NANOS = 1000;

export interface CallChanges {
  seq: number;
  slot?: number;
  /** sa_highest_slotid; the slot if absent. */
  highest?: number;
  xid?: number;
  fingerprint?: number;
  on?: ObservedConnection;
  session?: string;
  operations?: readonly number[];
}

export interface OkChanges {
  highest?: number;
  target?: number;
  flags?: number;
  /** What SEQUENCE4resok names instead of the call's. */
  session?: string;
  seq?: number;
  slot?: number;
}

/** Puts calls and replies into an Observation as the decoder would, and keeps the facts that it tells. */
export class ModelTraffic {
  readonly #lists = new OperationLists();
  #at = 0;
  #frame = 0;
  #xid = 100;
  readonly facts: FactKind[] = [];
  /** The values of the facts, in the same order. */
  readonly told: unknown[] = [];
  readonly observation: Observation;
  readonly operations: SessionOperations;
  readonly connection = this.connect();

  constructor(slots?: SlotBudget) {
    this.observation = new Observation((kind, fact) => {
      this.facts.push(kind);
      this.told.push(fact);
    }, slots);
    this.operations = new SessionOperations(this.observation);
  }

  connect(client = `10.0.0.2:${800 + this.#frame}`, server = SERVER): ObservedConnection {
    return new ObservedConnection(0, client, server, "10.0.0.2", this.#now(), true);
  }

  #now() {
    this.#at += STEP_NANOS;
    return { capture: 0, frame: ++this.#frame, at: this.#at };
  }

  wait(seconds: number): void {
    this.#at += seconds * 1e9;
  }

  /** The facts told since the last look, by kind. */
  news(): FactKind[] {
    this.told.length = 0;
    return this.facts.splice(0);
  }

  newCall(on = this.connection, operations: readonly number[] = [], xid = this.#xid++): Call {
    const { capture, frame, at } = this.#now();
    const call = new Call(on, xid, capture, frame, at, this.#lists.of(operations, operations.length));
    call.minorVersion = 1;
    return call;
  }

  newReply(numbers: readonly number[] = []): Reply {
    const { capture, frame, at } = this.#now();
    return new Reply(capture, frame, at, this.#lists.of(numbers, numbers.length));
  }

  /** A compound led by SEQUENCE. */
  call(changes: CallChanges): Call {
    const { seq, slot = 0, highest = slot, xid, fingerprint = seq, on, session = SESSION, operations } = changes;
    const call = this.newCall(on, operations ?? [OP_SEQUENCE, OP_PUTFH, OP_GETATTR], xid);
    call.seq = seq;
    call.slotId = slot;
    call.highestSlotId = highest;
    call.fingerprint = fingerprint;
    this.observation.sequenceCall(call, session);
    return call;
  }

  ok(call: Call, { highest = 3, target = highest, flags = 0, session, seq, slot }: OkChanges = {}): Reply {
    const reply = this.newReply(call.operations.numbers);
    Object.assign(reply, { status: 0, sequenceStatus: 0, lastStatus: 0, statusFlags: flags });
    Object.assign(reply, { highestSlotId: highest, targetHighestSlotId: target });
    this.observation.sequenceReply(call, reply, {
      sessionMatches: session === undefined,
      sessionId: session ?? "",
      seq: seq ?? call.seq,
      slotId: slot ?? call.slotId,
    });
    return reply;
  }

  /** SEQUENCE refused. */
  fail(call: Call, status: number): Reply {
    const reply = this.newReply([OP_SEQUENCE]);
    Object.assign(reply, { status, sequenceStatus: status, lastStatus: status });
    this.observation.sequenceReply(call, reply, null);
    return reply;
  }

  /** A COMPOUND status without results. */
  failWhole(call: Call, status: number): Reply {
    const reply = this.newReply();
    Object.assign(reply, { status, sequenceStatus: NO_STATUS });
    this.observation.sequenceReply(call, reply, null);
    return reply;
  }

  /** Refused by the RPC layer, or unreadable. */
  refuse(call: Call, rpcError = "GARBAGE_ARGS"): Reply {
    const reply = this.newReply();
    reply.rpcError = rpcError;
    this.observation.sequenceReply(call, reply, null);
    return reply;
  }

  exchange(from: number, to = from, changes: Partial<CallChanges> = {}): void {
    for (let seq = from; seq <= to; seq++) this.ok(this.call({ seq, ...changes }));
  }

  /** The connection ends: what waits on it is given up. */
  close(connection: ObservedConnection, ...waiting: Call[]): void {
    connection.closed = this.#now();
    for (const call of waiting) this.observation.abandon(call);
  }

  exchangeId(clientId = "c1", { owner = "6f", verifier = "01", flags = 0, on = this.connection, server = "s" } = {}) {
    this.operations.exchangeId({
      call: this.newCall(on),
      reply: this.newReply(),
      status: 0,
      args: { ownerHex: owner, verifier, flags: 0, stateProtect: 0 },
      result: { clientId, sequenceId: 1, flags, serverOwner: server, stateProtect: 0, mustEnforce: new Set() },
    });
  }

  createSession(id = SESSION, { clientId = "c1", sequence = 1, slots = 4, status = 0, on = this.connection } = {}) {
    const attributes = { ...ATTRIBUTES, maxRequests: slots };
    const args: CreateSessionArgs = {
      clientId,
      sequence,
      flags: 2,
      fore: attributes,
      back: ATTRIBUTES,
      callbackProgram: 0x4000_0000,
    };
    const result: CreateSessionResult = { sessionId: id, sequence, flags: 2, fore: attributes, back: ATTRIBUTES };
    const call = this.newCall(on);
    const standing = this.operations.createSessionCall(call, args);
    const reply = this.newReply();
    this.operations.createSession({ call, reply, status, args, result: status === 0 ? result : null }, standing);
    return standing;
  }

  session(id = SESSION, server = SERVER): ObservedSession | undefined {
    return this.observation.serverAt(server).sessions.get(id);
  }

  slot(id = 0): ObservedSlot {
    return this.session()!.fore.slots[id]!;
  }
}

export const ATTRIBUTES: ChannelAttributes = {
  headerPadSize: 0,
  maxRequestSize: 1_049_620,
  maxResponseSize: 1_049_480,
  maxResponseSizeCached: 4096,
  maxOperations: 16,
  maxRequests: 4,
  rdmaIrd: null,
};

/** EXCHANGE_ID and CREATE_SESSION seen. */
export function created(slots = 4): ModelTraffic {
  const traffic = new ModelTraffic();
  traffic.exchangeId();
  traffic.createSession(SESSION, { slots });
  traffic.news();
  return traffic;
}
