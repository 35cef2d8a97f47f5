import { NFS4ERR_RETRY_UNCACHED_REP } from "../nfs4/constants.ts";
import type { RequestSlots, Ticket } from "../session/request-slots.ts";
import type { SequenceRemedy } from "../session/sequence-remedy.ts";
import type { Timers } from "../sys/timers.ts";
import type { CompoundOutcome } from "./compound-call.ts";
import { type CompoundReply, sequenceOf, shortStatus } from "./compound-reply.ts";
import { giveUp, type ManagedRequest, settleRequest } from "./managed-request.ts";
import type { RequesterSession } from "./requester-session.ts";
import type { RpcConnection } from "./rpc-connection.ts";
import { outcomeText } from "./rpc-outcome.ts";

/** How often one request is put off, cut off or started over. */
const SETBACKS_MAX = 30;
const PAUSE_MILLIS_MIN = 10;
const PAUSE_MILLIS_MAX = 5000;

/** What a dispatcher leaves to others. */
export interface DispatcherOwner {
  /** A connection to send on; null while there is none. */
  connection(): RpcConnection | null;
  /** A slot is free again. */
  slotFreed(): void;
  /** The request has to start over: it was not executed. */
  requeue(request: ManagedRequest): void;
  /** The server wants the connection bound first. */
  bind(connection: RpcConnection): Promise<void>;
  /** The session is gone or of no use any more. */
  sessionLost(why: string): void;
}

/** The requests of one session: which slot each has, and what every answer means for it. RFC 8881 §2.10.6 */
export class SlotDispatcher {
  readonly session: RequesterSession;
  readonly #owner: DispatcherOwner;
  readonly #timers: Timers;
  readonly #slots: RequestSlots;
  readonly #bySlot: (ManagedRequest | undefined)[] = [];
  #isOver = false;
  /** Why the session takes nothing new; null while it does. */
  #retired: string | null = null;

  constructor(session: RequesterSession, owner: DispatcherOwner, timers: Timers) {
    this.session = session;
    this.#owner = owner;
    this.#timers = timers;
    this.#slots = session.model.fore;
  }

  /** Requests without an answer. */
  get outstanding(): number {
    return this.#slots.outstanding;
  }

  /** Sends a request if a slot and a connection are free. */
  submit(request: ManagedRequest): boolean {
    const connection = this.#isOver || this.#retired !== null ? null : this.#owner.connection();
    const ticket = connection === null ? null : this.#slots.take(connection.number);
    if (connection === null || ticket === null) return false;
    request.transmissions = 0;
    this.#bySlot[ticket.slotId] = request;
    this.#transmit(request, ticket, connection);
    return true;
  }

  /** A connection is there again: what was cut off is sent once more, same slot, same sequence id. RFC 8881 §2.10.13.1.2 */
  resume(): void {
    for (const slotId of this.#slots.interruptedSlots) this.#sendAgain(slotId);
  }

  /** The session is lost: nothing more is sent on it. What is on its way may still be answered, the rest starts over. */
  retire(why: string): void {
    this.#retired ??= why;
    for (const slotId of this.#slots.interruptedSlots) this.#sendAgain(slotId);
  }

  /** It is over: those who wait are told. */
  end(why: string): void {
    this.#isOver = true;
    for (const request of this.#bySlot.splice(0)) {
      if (request === undefined) continue;
      request.mayHaveRun = true;
      giveUp(request, why);
    }
  }

  /** A recall of slots was obeyed and the server has to be told. RFC 8881 §20.8.3 */
  get owesRecallNotice(): boolean {
    return this.#slots.owesRecallNotice;
  }

  #transmit(request: ManagedRequest, ticket: Ticket, connection: RpcConnection): void {
    const { slotId: slot, seq, highest } = ticket;
    const { cachethis, cred } = request;
    request.transmissions++;
    const operations = request.settle === null ? [] : request.operations;
    const raw = { slot, seq, highest, cachethis, operations, connection };
    const { outcome } = this.session.send(cred === null ? raw : { ...raw, cred });
    void outcome.then((ended) => this.#ended(request, ticket, connection, ended));
  }

  #ended(request: ManagedRequest, ticket: Ticket, connection: RpcConnection, outcome: CompoundOutcome): void {
    if (this.#isOver || this.#bySlot[ticket.slotId] !== request) return;
    switch (outcome.kind) {
      case "reply":
        this.#replied(request, ticket, connection, outcome.reply);
        return;
      case "refused":
        this.#withoutSequence(request, ticket, outcomeText(outcome), null);
        return;
      default:
        this.#cutOff(request, ticket, connection, outcomeText(outcome));
    }
  }

  #replied(request: ManagedRequest, ticket: Ticket, connection: RpcConnection, reply: CompoundReply): void {
    const sequence = sequenceOf(reply);
    const { slotId, seq } = ticket;
    const resok = sequence?.resok ?? null;
    const isForeign = resok !== null && (resok.sr_slotid !== slotId || resok.sr_sequenceid !== seq);
    if (sequence === null || isForeign) {
      const why = isForeign
        ? "SEQUENCE answers for another request"
        : `no SEQUENCE result, ${shortStatus(reply.status)}`;
      this.#withoutSequence(request, ticket, why, reply.status);
      return;
    }
    const limits = resok === null ? null : { highest: resok.sr_highest_slotid, target: resok.sr_target_highest_slotid };
    const remedy = this.#slots.replied(slotId, seq, sequence.status, limits);
    if (remedy === "done") this.#finish(slotId, request, reply);
    else this.#remedy(remedy, request, slotId, connection, sequence.status);
  }

  #finish(slotId: number, request: ManagedRequest, reply: CompoundReply): void {
    this.#bySlot[slotId] = undefined;
    const isUncached = reply.results.some(({ status }) => status === NFS4ERR_RETRY_UNCACHED_REP);
    settleRequest(request, { kind: isUncached ? "uncached" : "reply", reply });
    this.#owner.slotFreed();
  }

  #remedy(
    remedy: SequenceRemedy,
    request: ManagedRequest,
    slotId: number,
    connection: RpcConnection,
    status: number,
  ): void {
    const why = `SEQUENCE ${shortStatus(status)}`;
    switch (remedy) {
      case "resend":
        this.#pause(request, () => this.#sendAgain(slotId, request));
        return;
      case "bind":
        void this.#owner.bind(connection).then(() => this.#pause(request, () => this.#sendAgain(slotId, request)));
        return;
      case "probe":
        this.#pause(request, () => this.#sendAgain(slotId, request));
        return;
      case "drop":
        this.#leave(slotId);
        giveUp(request, why, status);
        this.#owner.slotFreed();
        return;
      case "other-slot":
      case "unsure":
      case "lost":
        this.#leave(slotId);
        this.#startOver(request, why, status);
        if (this.#slots.lostSlots.length > this.#slots.limit) this.#owner.sessionLost("no slot is in step any more");
        return;
      case "new-session":
        this.#leave(slotId);
        this.#startOver(request, why, status);
        this.#owner.sessionLost(why);
        return;
      default:
        return;
    }
  }

  /** RPC refused it, or the whole failed: whether the slot moved is open, that nothing was executed is not. RFC 8881 §16.2.4 */
  #withoutSequence(request: ManagedRequest, { slotId, seq }: Ticket, why: string, status: number | null): void {
    if (this.#slots.repliedWithoutSequence(slotId, seq) !== "probe") return;
    giveUp(request, why, status);
    this.#pause(request, () => this.#sendAgain(slotId, request));
  }

  #cutOff(request: ManagedRequest, { slotId }: Ticket, connection: RpcConnection, why: string): void {
    // A requester may retry only after the connection was lost: one that does not answer has to go. RFC 8881 §2.9.2
    if (connection.isOpen) connection.reset(why);
    this.#slots.connectionLost(connection.number);
    request.mayHaveRun = true;
    request.setbacks++;
    if (request.setbacks > SETBACKS_MAX) giveUp(request, why);
    if (this.#retired !== null || this.#owner.connection() !== null) this.#sendAgain(slotId, request);
  }

  /** Sends the slot's request again, or a lone SEQUENCE in its place when nobody waits for it any more. */
  #sendAgain(slotId: number, expected = this.#bySlot[slotId]): void {
    const request = this.#bySlot[slotId];
    if (this.#isOver || request === undefined || request !== expected) return;
    const state = this.#slots.stateOf(slotId);
    if (state === "free" || state === "outstanding" || state === "lost") return;
    if (this.#retired !== null) {
      this.#leave(slotId);
      this.#startOver(request, this.#retired);
      return;
    }
    const connection = this.#owner.connection();
    if (connection === null) {
      // `resume` finds only slots that were cut off.
      if (state !== "interrupted") this.#pause(request, () => this.#sendAgain(slotId, request));
      return;
    }
    const { number } = connection;
    const isProbe = request.settle === null;
    const ticket = isProbe ? this.#slots.probe(slotId, number) : this.#slots.resend(slotId, number);
    this.#transmit(request, ticket, connection);
  }

  #pause(request: ManagedRequest, then: () => void): void {
    const millis = Math.min(PAUSE_MILLIS_MIN * 2 ** Math.min(request.setbacks, 16), PAUSE_MILLIS_MAX);
    request.setbacks++;
    if (request.setbacks > SETBACKS_MAX) {
      if (request.settle === null) {
        this.#owner.sessionLost("a slot could not be settled");
        return;
      }
      giveUp(request, "put off too often");
      request.setbacks = 0;
    }
    this.#timers.after(millis, then);
  }

  /** The request goes out anew, on any slot, unless an earlier transmission may have been executed. */
  #startOver(request: ManagedRequest, why: string, status: number | null = null): void {
    if (request.settle === null) return;
    if ((request.mayHaveRun && !request.isRepeatable) || ++request.setbacks > SETBACKS_MAX) {
      giveUp(request, why, status);
    } else {
      this.#owner.requeue(request);
    }
  }

  #leave(slotId: number): void {
    this.#bySlot[slotId] = undefined;
  }
}
