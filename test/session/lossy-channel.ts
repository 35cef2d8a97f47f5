import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../src/nfs4/constants.ts";
import type { RepliedLimits, Ticket } from "../../src/session/request-slots.ts";
import { RequestSlots } from "../../src/session/request-slots.ts";
import type { SequenceRemedy } from "../../src/session/sequence-remedy.ts";
import { SlotTable } from "../../src/session/slot-table.ts";
import { integer, pick, random } from "../support/random.ts";

interface RequestMessage extends Ticket {
  id: string;
  cachethis: boolean;
}

interface ReplyMessage {
  slotId: number;
  seq: number;
  status: number;
  /** What was executed for it; null for an error or an uncached retry. */
  id: string | null;
  limits: RepliedLimits | null;
}

interface Connection {
  toServer: RequestMessage[];
  toClient: ReplyMessage[];
}

interface Execution {
  message: RequestMessage;
  connection: number;
  limits: RepliedLimits;
}

/** What may happen besides requests and replies. */
export interface Weather {
  /** Connections break. */
  cuts: boolean;
  /** What was on its way to the server when a connection broke may still be processed, at any later time. */
  stale: boolean;
  /** The server raises, lowers and takes back slots. */
  resizes: boolean;
  requests: number;
}

const SLOTS = 4;
const SLOTS_MAX = 6;
const CONNECTIONS = 3;

/**
 * A requester and a replier on connections that break, driven by one seed. It checks at each step that nothing is
 * executed twice and that each reply is that of the request it comes for.
 */
export class LossyChannel {
  readonly executions = new Map<string, number>();
  readonly finished = new Set<string>();
  readonly remedies = new Map<SequenceRemedy, number>();
  /** Answers on open connections that accuse the requester. */
  readonly accusations: string[] = [];
  retriesSeen = 0;
  readonly #seed: number;
  readonly #random: () => number;
  readonly #weather: Weather;
  readonly #client: RequestSlots;
  readonly #server: SlotTable<string>;
  readonly #connections = new Map<number, Connection>();
  #stale: RequestMessage[] = [];
  #running: Execution[] = [];
  /** Requests that wait for a slot. */
  readonly #waiting: string[] = [];
  readonly #bySlot = new Map<number, { id: string; cachethis: boolean }>();
  #nextConnection = 0;
  #nextRequest = 0;

  constructor(seed: number, weather: Weather) {
    this.#seed = seed;
    this.#random = random(seed);
    this.#weather = weather;
    const bounds = { min: 1, max: SLOTS_MAX };
    this.#client = new RequestSlots(SLOTS, bounds);
    const busyRetry = pick(this.#random, [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED]);
    this.#server = new SlotTable<string>(SLOTS, { busyRetry }, bounds);
    for (let i = 0; i < CONNECTIONS; i++) this.#connect();
  }

  /** Runs until every request has finished; false if that does not happen. */
  run(): boolean {
    let steps = 200 * this.#weather.requests;
    while (this.finished.size < this.#weather.requests) {
      if (--steps < 0) return false;
      this.#step();
    }
    return true;
  }

  #step(): void {
    const roll = integer(this.#random, 0, 99);
    if (roll < 25) this.#issue();
    else if (roll < 50) this.#serve();
    else if (roll < 65) this.#execute();
    else if (roll < 90) this.#receive();
    else if (roll < 93) this.#sendAgain();
    else if (roll < 95 && this.#weather.cuts) this.#cut();
    else if (roll < 97 && this.#stale.length > 0) this.#handle(this.#stale.shift()!, -1);
    else if (this.#weather.resizes) this.#resize();
  }

  #issue(): void {
    if (this.#waiting.length === 0 && this.#nextRequest < this.#weather.requests) {
      this.#waiting.push(`request ${this.#nextRequest++}`);
    }
    if (this.#waiting.length === 0) return;
    const connection = pick(this.#random, [...this.#connections.keys()]);
    const ticket = this.#client.take(connection);
    if (ticket === null) return;
    const request = { id: this.#waiting.shift()!, cachethis: this.#random() < 0.7 };
    this.#bySlot.set(ticket.slotId, request);
    this.#connections.get(connection)!.toServer.push({ ...ticket, ...request });
  }

  #sendAgain(): void {
    const slots = [...this.#bySlot.keys()].filter((slotId) =>
      ["interrupted", "refused"].includes(this.#client.stateOf(slotId)),
    );
    if (slots.length === 0) return;
    const slotId = pick(this.#random, slots);
    const connection = pick(this.#random, [...this.#connections.keys()]);
    const ticket = this.#client.resend(slotId, connection);
    this.#connections.get(connection)!.toServer.push({ ...ticket, ...this.#bySlot.get(slotId)! });
  }

  #serve(): void {
    const [id, { toServer }] = pick(this.#random, [...this.#connections]);
    const message = toServer.shift();
    if (message !== undefined) this.#handle(message, id);
  }

  #handle(message: RequestMessage, connection: number): void {
    const { slotId, seq, highest } = message;
    const request = { fingerprint: message.id, principal: "alice", cachethis: message.cachethis, highest };
    const answer = this.#server.validateSequence(slotId, seq, request);
    if (answer.verdict === "new" && answer.status === NFS4_OK) {
      if (this.#random() < 0.05) {
        this.#reply(connection, { slotId, seq, status: NFS4ERR_DELAY, id: null, limits: null });
        return;
      }
      this.#server.markSlotInUse(slotId, seq, request);
      this.executions.set(message.id, (this.executions.get(message.id) ?? 0) + 1);
      this.#running.push({ message, connection, limits: this.#limits() });
      return;
    }
    if (answer.verdict === "retry") this.retriesSeen++;
    if (connection >= 0 && isAccusation(answer.verdict, answer.status)) {
      this.accusations.push(`${answer.verdict} ${answer.status} for ${message.id} on ${slotId}/${seq}`);
    }
    const id = answer.cached?.kind === "full" ? answer.cached.reply : null;
    const limits = answer.status === NFS4_OK ? this.#limits() : null;
    this.#reply(connection, { slotId, seq, status: answer.status, id, limits });
  }

  #execute(): void {
    if (this.#running.length === 0) return;
    const [done] = this.#running.splice(integer(this.#random, 0, this.#running.length - 1), 1);
    const { message, connection, limits } = done!;
    this.#server.completeSlotRequest(message.slotId, message.seq, message.cachethis, message.id);
    this.#reply(connection, { slotId: message.slotId, seq: message.seq, status: NFS4_OK, id: message.id, limits });
  }

  #reply(connection: number, message: ReplyMessage): void {
    this.#connections.get(connection)?.toClient.push(message);
  }

  #receive(): void {
    const [, { toClient }] = pick(this.#random, [...this.#connections]);
    const reply = toClient.shift();
    if (reply === undefined) return;
    const remedy = this.#client.replied(reply.slotId, reply.seq, reply.status, reply.limits);
    this.remedies.set(remedy, (this.remedies.get(remedy) ?? 0) + 1);
    const request = this.#bySlot.get(reply.slotId)!;
    if (remedy === "done") {
      if (reply.id !== null && reply.id !== request.id)
        throw new Error(`seed ${this.#seed}: ${request.id} got the reply of ${reply.id}`);
      this.finished.add(request.id);
      this.#bySlot.delete(reply.slotId);
    } else if (remedy === "other-slot" || remedy === "unsure") {
      if (this.executions.has(request.id))
        throw new Error(`seed ${this.#seed}: ${request.id} was executed, and its slot is gone`);
      this.#bySlot.delete(reply.slotId);
      this.#waiting.push(request.id);
    }
  }

  #cut(): void {
    const [id, { toServer }] = pick(this.#random, [...this.#connections]);
    this.#connections.delete(id);
    if (this.#weather.stale) this.#stale.push(...toServer);
    this.#client.connectionLost(id);
    this.#connect();
  }

  #resize(): void {
    const highest = integer(this.#random, 0, SLOTS_MAX - 1);
    if (this.#random() < 0.8) this.#server.setTarget(highest);
    else this.#server.lowerEnforced(highest);
  }

  #connect(): void {
    this.#connections.set(this.#nextConnection++, { toServer: [], toClient: [] });
  }

  #limits(): RepliedLimits {
    return { highest: this.#server.enforcedHighest, target: this.#server.targetHighest };
  }
}

/** DELAY and, to a request that still runs, SEQ_MISORDERED blame nobody; neither does a slot that was taken away. */
function isAccusation(verdict: string | null, status: number): boolean {
  return verdict !== null && verdict !== "retry-in-flight" && verdict !== "new" && status !== NFS4_OK;
}
