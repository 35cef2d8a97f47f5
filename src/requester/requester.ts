import type { OperationValue } from "../nfs4/compound-writer.ts";
import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN, EXCHGID4_FLAG_CONFIRMED_R } from "../nfs4/constants.ts";
import {
  type CREATE_SESSION4args,
  CREATE_SESSION4res,
  type EXCHANGE_ID4args,
  EXCHANGE_ID4res,
} from "../nfs4/ops/session.ts";
import { type Auth, NO_AUTH } from "../rpc/write.ts";
import { nextSeq } from "../session/slot.ts";
import type { ByteChannel } from "../sys/byte-channel.ts";
import type { RandomSource } from "../sys/random.ts";
import type { Timers } from "../sys/timers.ts";
import { CallbackReplier, type SessionModel } from "./callback-replier.ts";
import { type CompoundCall, type CompoundOutcome, type PendingCompound, sendCompound } from "./compound-call.ts";
import { resultOf } from "./compound-reply.ts";
import { passiveActions, RequesterSession, sessionModel } from "./requester-session.ts";
import { RpcConnection } from "./rpc-connection.ts";
import {
  CALLBACK_PROGRAM,
  type ClientOwner,
  createSessionArgs,
  createSessionCall,
  destroyClientIdCall,
  exchangeIdArgs,
  exchangeIdCall,
  SESSION_WISHES,
  type SessionWishes,
} from "./session-calls.ts";
import type { WireTap } from "./wire-tap.ts";

/** How long a call waits for its reply unless told otherwise. */
const CALL_TIMEOUT_MILLIS = 30_000;
/** Connections of one requester that are open at once. */
const CONNECTIONS_MAX = 1024;

/** Who a requester is and how it gets to its server. */
export interface RequesterOptions {
  /** Opens a connection; rejects with a SocketError. */
  readonly connect: () => Promise<ByteChannel>;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly owner: ClientOwner;
  readonly minorVersion?: number;
  readonly cred?: Auth;
  readonly callbackProgram?: number;
  readonly timeoutMillis?: number;
  readonly tap?: WireTap | undefined;
  /** Told of every compound as it is sent. */
  readonly sending?: (connection: RpcConnection, call: CompoundCall, pending: PendingCompound) => void;
}

/** How a call of one operation ended: the outcome, and the operation's status if there is one. */
export interface Answer<R> {
  readonly outcome: CompoundOutcome;
  /** Null without a result. */
  readonly status: number | null;
  readonly value: R | null;
}

/** CREATE_SESSION, and the session if there is one. */
export interface CreatedSession extends Answer<CREATE_SESSION4res> {
  readonly session: RequesterSession | null;
}

/** A client owner: its connections, its client ID, and what makes and ends sessions. RFC 8881 §2.4 */
export class Requester {
  readonly owner: ClientOwner;
  readonly minorVersion: number;
  readonly cred: Auth;
  readonly timers: Timers;
  readonly timeoutMillis: number;
  readonly callbackProgram: number;
  readonly callbacks: CallbackReplier;
  readonly connections = new Set<RpcConnection>();
  /** As the last EXCHANGE_ID gave it; null before. */
  clientId: bigint | null = null;
  /** csa_sequence of the next CREATE_SESSION. */
  createSequence = 0;
  readonly #options: RequesterOptions;
  #connectionCount = 0;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: RequesterOptions) {
    this.#options = options;
    this.owner = options.owner;
    this.minorVersion = options.minorVersion ?? 1;
    this.cred = options.cred ?? NO_AUTH;
    this.timers = options.timers;
    this.timeoutMillis = options.timeoutMillis ?? CALL_TIMEOUT_MILLIS;
    this.callbackProgram = options.callbackProgram ?? CALLBACK_PROGRAM;
    this.callbacks = new CallbackReplier(this.callbackProgram);
  }

  /** Opens another connection. Rejects with a SocketError. */
  async connect(): Promise<RpcConnection> {
    if (this.connections.size >= CONNECTIONS_MAX) throw new RangeError(`more than ${CONNECTIONS_MAX} connections`);
    const channel = await this.#options.connect();
    const connection = new RpcConnection(channel, {
      timers: this.timers,
      number: ++this.#connectionCount,
      firstXid: new DataView(this.#options.random(4).slice().buffer).getUint32(0),
      tap: this.#options.tap,
      handleCall: this.callbacks.handleCall,
    });
    this.connections.add(connection);
    void connection.lost.then(() => this.connections.delete(connection));
    return connection;
  }

  /** Sends operations without SEQUENCE. */
  send(
    connection: RpcConnection,
    operations: readonly OperationValue[],
    changes: Partial<CompoundCall> = {},
  ): PendingCompound {
    const { minorVersion, cred, timeoutMillis } = this;
    return this.#send(connection, { operations, minorVersion, cred, timeoutMillis, ...changes });
  }

  /** EXCHANGE_ID for the owner, or with other arguments; the client ID is taken over. */
  async exchangeId(
    connection: RpcConnection,
    changes: Partial<EXCHANGE_ID4args> = {},
    call: Partial<CompoundCall> = {},
  ): Promise<Answer<EXCHANGE_ID4res>> {
    const operation = exchangeIdCall({ ...exchangeIdArgs(this.owner), ...changes });
    const outcome = await this.send(connection, [operation], call).outcome;
    const value = resultIn(outcome, EXCHANGE_ID4res);
    const resok = value?.eir_resok4;
    if (resok !== undefined) {
      // eir_sequenceid means nothing for a client ID that is confirmed. RFC 8881 §18.35.3
      const isKnown = this.clientId === resok.eir_clientid && (resok.eir_flags & EXCHGID4_FLAG_CONFIRMED_R) !== 0;
      if (!isKnown) this.createSequence = resok.eir_sequenceid;
      this.clientId = resok.eir_clientid;
    }
    return { outcome, status: value?.eir_status ?? null, value };
  }

  /** CREATE_SESSION. The sequence id goes on after success, as any requester's would. RFC 8881 §18.36.4 */
  async createSession(
    connection: RpcConnection,
    wishes: Partial<SessionWishes> = {},
    changes: Partial<CREATE_SESSION4args> = {},
    call: Partial<CompoundCall> = {},
  ): Promise<CreatedSession> {
    const args = this.createSessionArgs(wishes, changes);
    const outcome = await this.send(connection, [createSessionCall(args)], call).outcome;
    const value = resultIn(outcome, CREATE_SESSION4res);
    const session = value?.csr_resok4 === undefined ? null : this.#adopt(args, value.csr_resok4, connection);
    if (session !== null && args.csa_sequence === this.createSequence)
      this.createSequence = nextSeq(this.createSequence);
    return { outcome, status: value?.csr_status ?? null, value, session };
  }

  /** What `createSession` asks for. */
  createSessionArgs(
    wishes: Partial<SessionWishes> = {},
    changes: Partial<CREATE_SESSION4args> = {},
  ): CREATE_SESSION4args {
    const all = { ...SESSION_WISHES, callbackProgram: this.callbackProgram, ...wishes };
    return { ...createSessionArgs(this.clientId ?? 0n, this.createSequence, all), ...changes };
  }

  /** DESTROY_CLIENTID, alone. */
  destroyClientId(connection: RpcConnection, clientId = this.clientId ?? 0n): Promise<CompoundOutcome> {
    return this.send(connection, [destroyClientIdCall(clientId)]).outcome;
  }

  /** Does one thing at a time: a client ID may have only one CREATE_SESSION on its way. RFC 8881 §18.36.4 */
  inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.catch(() => {});
    return result;
  }

  /** A session is over: its callbacks are refused from now on. */
  forget(model: SessionModel): void {
    this.callbacks.remove(model);
  }

  /** Closes all connections. */
  close(): void {
    for (const connection of this.connections) connection.close();
  }

  #send(connection: RpcConnection, call: CompoundCall): PendingCompound {
    const pending = sendCompound(connection, call);
    this.#options.sending?.(connection, call, pending);
    return pending;
  }

  #adopt(
    args: CREATE_SESSION4args,
    resok: NonNullable<CREATE_SESSION4res["csr_resok4"]>,
    connection: RpcConnection,
  ): RequesterSession {
    const { minorVersion, cred, timeoutMillis, timers } = this;
    const model = sessionModel(args, resok, { minorVersion, createdAt: timers.nowNanos() });
    model.created(connection.number, (resok.csr_flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0);
    this.callbacks.add(model, passiveActions(model));
    return new RequesterSession(model, connection, {
      minorVersion,
      cred,
      timeoutMillis,
      timers,
      send: (path, call) => this.#send(path, call),
    });
  }
}

function resultIn<R>(outcome: CompoundOutcome, type: Parameters<typeof resultOf<R>>[1]): R | null {
  return outcome.kind === "reply" ? resultOf(outcome.reply, type) : null;
}
