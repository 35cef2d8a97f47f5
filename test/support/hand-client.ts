import type { OperationValue } from "../../src/nfs4/compound-writer.ts";
import { EXCHANGE_ID4res } from "../../src/nfs4/ops/session.ts";
import { reclaimComplete } from "../../src/probe/operations.ts";
import type { CompoundOutcome } from "../../src/requester/compound-call.ts";
import { type CompoundReply, replyText, resultOf, sequenceOf } from "../../src/requester/compound-reply.ts";
import type { Requester, RequesterOptions } from "../../src/requester/requester.ts";
import type { RawRequest, RequesterSession } from "../../src/requester/requester-session.ts";
import type { RpcConnection } from "../../src/requester/rpc-connection.ts";
import { outcomeText } from "../../src/requester/rpc-outcome.ts";
import type { SessionWishes } from "../../src/requester/session-calls.ts";
import type { Type } from "../../src/xdr/types.ts";
import type { EmbeddedWorld } from "./embedded-server.ts";

/** What a hand-written request may say of itself; slot 0 and its next sequence id unless told otherwise. */
export type HandRequest = Partial<Omit<RawRequest, "operations">>;

/** How a client is made. */
export interface HandClientOptions {
  readonly wishes?: Partial<SessionWishes>;
  readonly requester?: Partial<RequesterOptions>;
  /** RECLAIM_COMPLETE is sent; true unless told otherwise. */
  readonly isReclaimed?: boolean;
}

/** What became of a compound, in a line. */
export function outcomeLine(outcome: CompoundOutcome): string {
  return outcome.kind === "reply" ? replyText(outcome.reply) : outcomeText(outcome);
}

/** The reply; fails when there is none. */
export function replyOf(outcome: CompoundOutcome): CompoundReply {
  if (outcome.kind !== "reply") throw new Error(outcomeText(outcome));
  return outcome.reply;
}

/** A client of the embedded server that does one thing at a time, as a test says. It counts its slots' sequence ids and does nothing else by itself. */
export class HandClient {
  readonly world: EmbeddedWorld;
  readonly requester: Requester;
  session: RequesterSession;
  readonly #seqs = new Map<number, number>();

  private constructor(world: EmbeddedWorld, requester: Requester, session: RequesterSession) {
    this.world = world;
    this.requester = requester;
    this.session = session;
  }

  /** A client with a session. */
  static async open(world: EmbeddedWorld, options: HandClientOptions = {}): Promise<HandClient> {
    const requester = world.requester(options.requester);
    const connection = await world.timers.until(requester.connect());
    await world.timers.until(requester.exchangeId(connection));
    const { session, outcome } = await world.timers.until(requester.createSession(connection, options.wishes));
    if (session === null) throw new Error(outcomeLine(outcome));
    const client = new HandClient(world, requester, session);
    if (options.isReclaimed ?? true) await client.run([reclaimComplete()]);
    return client;
  }

  get connection(): RpcConnection {
    return this.session.connection;
  }

  /** Another connection. */
  connect(): Promise<RpcConnection> {
    return this.world.timers.until(this.requester.connect());
  }

  /** Sequence id of the slot's next request. */
  next(slot = 0): number {
    return (this.#seqs.get(slot) ?? 0) + 1;
  }

  /** Sends a request; a slot that is not told its sequence id goes on to the next. */
  start(operations: readonly OperationValue[], request: HandRequest = {}): Promise<CompoundOutcome> {
    const { slot = 0, seq = this.next(slot) } = request;
    if (request.seq === undefined) this.#seqs.set(slot, seq);
    return this.session.send({ cachethis: true, ...request, slot, seq, operations }).outcome;
  }

  /** Sends a request and waits for its end: `SEQUENCE OK, PUTROOTFH OK`. */
  async line(operations: readonly OperationValue[], request: HandRequest = {}): Promise<string> {
    return outcomeLine(await this.world.timers.until(this.start(operations, request)));
  }

  /** Sends a request and waits for its reply. */
  async run(operations: readonly OperationValue[], request: HandRequest = {}): Promise<CompoundReply> {
    return replyOf(await this.world.timers.until(this.start(operations, request)));
  }

  /** The first result of a type in the reply to a request; fails when the request did. */
  async ask<R>(operations: readonly OperationValue[], type: Type<R>, request: HandRequest = {}): Promise<R> {
    const reply = await this.run(operations, request);
    const result = resultOf(reply, type);
    if (reply.status !== 0 || result === null) throw new Error(replyText(reply));
    return result;
  }

  /** The status of the last operation. */
  async status(operations: readonly OperationValue[], request: HandRequest = {}): Promise<number> {
    return (await this.run(operations, request)).status;
  }

  /** sr_status_flags now. */
  async flags(): Promise<number> {
    return sequenceOf(await this.run([]))!.resok!.sr_status_flags;
  }

  /** Sends operations without SEQUENCE and waits. */
  async alone(operations: readonly OperationValue[], request: Partial<RawRequest> = {}): Promise<string> {
    return outcomeLine(await this.world.timers.until(this.session.sendAlone(operations, request).outcome));
  }

  /** eir_flags and eir_clientid as EXCHANGE_ID tells them now. */
  async identity(): Promise<{ clientId: bigint; flags: number }> {
    const { outcome } = await this.world.timers.until(this.requester.exchangeId(this.connection));
    const { eir_clientid, eir_flags } = resultOf(replyOf(outcome), EXCHANGE_ID4res)!.eir_resok4!;
    return { clientId: eir_clientid, flags: eir_flags };
  }
}
