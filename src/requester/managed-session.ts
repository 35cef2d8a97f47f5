import type { OperationValue } from "../nfs4/compound-writer.ts";
import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN, NFS4_OK, NFS4ERR_BADHANDLE } from "../nfs4/constants.ts";
import type { CB_RECALL4args } from "../nfs4/ops/callback-delegation.ts";
import { DELEGRETURN4args } from "../nfs4/ops/delegation.ts";
import { PUTFH4args } from "../nfs4/ops/filehandle.ts";
import { ConnectionPool } from "./connection-pool.ts";
import {
  giveUp,
  type ManagedOutcome,
  type ManagedRequest,
  managedRequest,
  type RequestOptions,
} from "./managed-request.ts";
import { operationCall } from "./operation-call.ts";
import type { Requester } from "./requester.ts";
import type { RequesterSession } from "./requester-session.ts";
import type { RpcConnection } from "./rpc-connection.ts";
import { reclaimCompleteCall, type SessionWishes } from "./session-calls.ts";
import { makeSession } from "./session-maker.ts";
import { SlotDispatcher } from "./slot-dispatcher.ts";

/** Requests that wait for a slot. */
const WAITING_MAX = 65_536;
const PATIENCE_MILLIS = 120_000;

const putFh = operationCall("PUTFH", PUTFH4args);
const delegReturn = operationCall("DELEGRETURN", DELEGRETURN4args);

/** Sends one compound; what `ManagedSession.compound` does. */
export type SendCompound = (operations: readonly OperationValue[], options?: RequestOptions) => Promise<ManagedOutcome>;

/** How a managed session is to be kept. */
export interface ManagedOptions {
  readonly wishes?: Partial<SessionWishes>;
  readonly connections?: number;
  /** How long the server may be out of reach before those who wait are told. */
  readonly patienceMillis?: number;
  /** The client ID is a new one after the first: what was held under the old one is to be reclaimed with `send`. */
  readonly reclaim?: (send: SendCompound) => Promise<void>;
  /** CB_RECALL; gives the status. By default the delegation is returned at once. */
  readonly recall?: (args: CB_RECALL4args, send: SendCompound) => number;
}

/**
 * A session that is kept alive: slots, retries, connections and recovery are its business, a caller only sends
 * compounds. RFC 8881 §2.10.13
 */
export class ManagedSession {
  readonly requester: Requester;
  readonly #options: ManagedOptions;
  readonly #pool: ConnectionPool;
  readonly #waiting: ManagedRequest[] = [];
  #dispatcher: SlotDispatcher | null = null;
  #recovery: Promise<void> | null = null;
  /** While true only what recovery itself sends goes out. */
  #isHeld = true;
  #isClosed = false;
  #hadClient = false;
  /** The client ID is new, and RECLAIM_COMPLETE has not been sent. */
  #owesReclaim = false;
  /** What recovery itself sent. */
  readonly #ofRecovery = new Set<ManagedRequest>();
  /** Told when there is a connection, or none is to be had. */
  #awaitingConnection: ((connection: RpcConnection | null) => void)[] = [];
  /** Sessions made after the first. */
  renewals = 0;
  /** Why the last attempt to make a session failed; null when it did not. */
  trouble: string | null = null;

  constructor(requester: Requester, options: ManagedOptions = {}) {
    this.requester = requester;
    this.#options = options;
    const { connections = 1, patienceMillis = PATIENCE_MILLIS } = options;
    this.#pool = new ConnectionPool(
      {
        open: () => requester.connect(),
        ready: (connection) => this.#ready(connection),
        connected: () => this.#connected(),
        lost: (connection) => this.#lost(connection),
        unreachable: (why) => this.#unreachable(why),
      },
      requester.timers,
      connections,
      patienceMillis,
    );
  }

  /** The session of the moment; null before the first and while another one is made. */
  get session(): RequesterSession | null {
    return this.#dispatcher?.session ?? null;
  }

  get connections(): readonly RpcConnection[] {
    return this.#pool.connections;
  }

  /** Makes the session. Gives the reason where that fails. */
  async open(): Promise<string | null> {
    await this.#recover();
    return this.trouble;
  }

  /** Sends a compound, SEQUENCE goes before it. The answer comes when it is final; nothing is thrown. */
  readonly compound: SendCompound = (operations, options) => {
    const { request, outcome } = managedRequest(operations, options);
    if (this.#isClosed) giveUp(request, "the session is closed");
    else if (this.#waiting.length >= WAITING_MAX) giveUp(request, "too many requests wait");
    else this.#submit(request);
    return outcome;
  };

  /** Ends the session, the client ID too if told so, and closes the connections. */
  async close(withClientId = false): Promise<void> {
    if (this.#isClosed) return;
    const { session } = this;
    this.#isClosed = true;
    this.#giveUpAll("the session is closed");
    const connection = this.#pool.next();
    if (connection !== null) {
      if (session !== null) await session.destroy(connection);
      if (withClientId) await this.requester.destroyClientId(connection);
    }
    if (session !== null) this.requester.forget(session.model);
    this.#pool.close();
  }

  #submit(request: ManagedRequest): void {
    const isNext = !this.#isHeld && this.#waiting.length === 0;
    if (isNext && this.#dispatcher?.submit(request) === true) return;
    this.#waiting.push(request);
    if (this.#dispatcher === null && this.#recovery === null) void this.#recover();
  }

  #drain(): void {
    const dispatcher = this.#dispatcher;
    if (this.#isHeld || dispatcher === null) return;
    while (this.#waiting.length > 0) {
      // Nobody waits any more for what was called off.
      if (this.#waiting[0]!.settle !== null && !dispatcher.submit(this.#waiting[0]!)) return;
      this.#waiting.shift();
    }
    if (dispatcher.owesRecallNotice) dispatcher.submit(managedRequest([], { cachethis: false }).request);
  }

  /** One recovery at a time; it ends with a session or with those who wait being told. */
  #recover(): Promise<void> {
    this.#recovery ??= this.#makeSession().finally(() => {
      this.#recovery = null;
    });
    return this.#recovery;
  }

  async #makeSession(): Promise<void> {
    this.#isHeld = true;
    while (!this.#isClosed) {
      const made = await makeSession(this.requester, this.#options.wishes ?? {}, () => this.#anyConnection());
      if (made.session === null) {
        this.trouble = made.why;
        this.#giveUpAll(made.why);
        return;
      }
      this.trouble = null;
      if (this.#hadClient) this.renewals++;
      const dispatcher = this.#adopt(made.session);
      if (made.isNewClient) this.#owesReclaim = true;
      if (this.#owesReclaim) await this.#reclaim(dispatcher);
      if (this.#dispatcher !== dispatcher) continue;
      this.#owesReclaim = false;
      this.#hadClient = true;
      this.#isHeld = false;
      this.#drain();
      return;
    }
  }

  #adopt(session: RequesterSession): SlotDispatcher {
    const dispatcher: SlotDispatcher = new SlotDispatcher(
      session,
      {
        connection: () => this.#pool.next(),
        slotFreed: () => this.#drain(),
        requeue: (request) => this.#requeue(request),
        bind: async (connection) => void (await session.bind(connection)),
        sessionLost: (why) => this.#sessionLost(dispatcher, why),
      },
      this.requester.timers,
    );
    this.requester.callbacks.add(session.model, {
      recall: (args) => this.#recalled(args),
      recallSlot: (targetHighest) => {
        session.model.fore.recall(targetHighest);
        this.requester.timers.after(0, () => this.#drain());
        return NFS4_OK;
      },
    });
    this.#dispatcher = dispatcher;
    return dispatcher;
  }

  /** Reclaims come before RECLAIM_COMPLETE, and nothing else before that. RFC 8881 §18.51.3 */
  async #reclaim(dispatcher: SlotDispatcher): Promise<void> {
    const send: SendCompound = (operations, options) => {
      const { request, outcome } = managedRequest(operations, options);
      this.#ofRecovery.add(request);
      if (!dispatcher.submit(request)) giveUp(request, "no slot or no connection is free");
      return outcome.finally(() => this.#ofRecovery.delete(request));
    };
    if (this.#hadClient) await this.#options.reclaim?.(send);
    await send([reclaimCompleteCall()], { isRepeatable: true });
  }

  #sessionLost(dispatcher: SlotDispatcher, why: string): void {
    if (this.#dispatcher !== dispatcher || this.#isClosed) return;
    this.#dispatcher = null;
    this.#isHeld = true;
    this.requester.forget(dispatcher.session.model);
    dispatcher.retire(why);
    void this.#recover();
  }

  #requeue(request: ManagedRequest): void {
    // Recovery begins again: what it sent would wait for its own end.
    if (this.#isClosed || this.#ofRecovery.has(request)) giveUp(request, "the session was lost");
    else this.#waiting.unshift(request);
    this.requester.timers.after(0, () => this.#drain());
  }

  #recalled(args: CB_RECALL4args): number {
    const { recall } = this.#options;
    if (recall !== undefined) return recall(args, this.compound);
    if (args.fh.length === 0) return NFS4ERR_BADHANDLE;
    void this.compound([putFh({ object: args.fh.slice() }), delegReturn({ deleg_stateid: args.stateid })]);
    return NFS4_OK;
  }

  #anyConnection(): Promise<RpcConnection | null> {
    const connection = this.#pool.next();
    if (connection !== null) return Promise.resolve(connection);
    return new Promise((resolve) => {
      this.#awaitingConnection.push(resolve);
      this.#pool.fill();
    });
  }

  /** A connection that comes later joins the back channel if that has none; the fore channel it joins by itself. */
  async #ready(connection: RpcConnection): Promise<void> {
    const session = this.#dispatcher?.session;
    if (session === undefined || (session.model.record.flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) === 0) return;
    if (!session.model.connections.hasBack) await session.bind(connection);
  }

  #connected(): void {
    this.#pool.fill();
    const waiters = this.#awaitingConnection.splice(0);
    for (const resolve of waiters) resolve(this.#pool.next());
    this.#dispatcher?.resume();
    this.#drain();
  }

  #lost(connection: RpcConnection): void {
    this.#dispatcher?.session.model.connections.lost(connection.number);
  }

  #unreachable(why: string): void {
    for (const resolve of this.#awaitingConnection.splice(0)) resolve(null);
    this.trouble = why;
    this.#giveUpAll(why);
  }

  #giveUpAll(why: string): void {
    const dispatcher = this.#dispatcher;
    this.#dispatcher = null;
    dispatcher?.end(why);
    for (const request of this.#waiting.splice(0)) giveUp(request, why);
  }
}
