import { callbackOperationNamed } from "../nfs4/callback-table.ts";
import type { Operation } from "../nfs4/operation.ts";
import { ClientTable } from "../session/client-table.ts";
import type { SessionRecord } from "../session/session.ts";
import { serverSession } from "../session/session.ts";
import { type NewSessionId, newSessionId, sessionIdText } from "../session/session-id.ts";
import type { RandomSource } from "../sys/random.ts";
import type { Timers } from "../sys/timers.ts";
import { BackChannel, type CallbackTransport } from "./back-channel.ts";
import type { Hooks } from "./hooks.ts";
import type { ServerOptions } from "./options.ts";
import type { ServedClient, ServedClients } from "./served-client.ts";
import type { ServedSession } from "./served-session.ts";
import { SlotShares } from "./slot-share.ts";

const NANOS_PER_SECOND = 1e9;
/** Random session ids that were taken already: more tries than that and the source is not random. */
const ID_TRIES_MAX = 8;

const CB_RECALL_SLOT = callbackOperationNamed("CB_RECALL_SLOT") as Operation;

/** What a new session is made of, beside what the registry gives it. */
export type NewSession = Omit<SessionRecord, "id" | "createdAt"> & Pick<ServedSession, "client" | "callbackCred">;

/** What the registry needs of the server around it. */
export interface Surroundings {
  readonly options: ServerOptions;
  readonly timers: Timers;
  readonly random: RandomSource;
  readonly transport: CallbackTransport;
  readonly hooks: Hooks;
  /** A client and its sessions are gone: its locks go too. */
  readonly clientForgotten: (client: ServedClient) => void;
  /** A session id is unique, but can be guessed: the random source failed. */
  readonly idIsGuessable: () => void;
}

/** Clients and sessions of one server instance, and which connections are theirs. */
export class Registry {
  readonly clients: ServedClients;
  readonly #around: Surroundings;
  readonly #sessions = new Map<string, ServedSession>();
  readonly #byConnection = new Map<number, Set<ServedSession>>();
  readonly #slotShares: SlotShares;
  #lastFound: ServedSession | null = null;
  #clientCount = 0;

  /** `boot`: another number for each instance, so that client IDs of the one before are known to be stale. */
  constructor(around: Surroundings, boot: number) {
    this.#around = around;
    const { leaseSeconds, cachedBytesMax, cachedReplyBytesMax } = around.options;
    this.#slotShares = new SlotShares(Math.floor(cachedBytesMax / Math.max(1, cachedReplyBytesMax)), recallSlots);
    this.clients = new ClientTable(leaseSeconds * NANOS_PER_SECOND, () => {
      return (BigInt(boot) << 32n) | BigInt(++this.#clientCount);
    });
  }

  get sessionCount(): number {
    return this.#sessions.size;
  }

  sessions(): Iterable<ServedSession> {
    return this.#sessions.values();
  }

  find(id: Uint8Array): ServedSession | null {
    // Most requests belong to the session of the one before.
    if (this.#lastFound !== null && isSame(this.#lastFound.model.record.id, id)) return this.#lastFound;
    this.#lastFound = this.#sessions.get(sessionIdText(id)) ?? null;
    return this.#lastFound;
  }

  /** Sessions of one client. */
  sessionsOf(client: ServedClient): ServedSession[] {
    return [...client.sessions].flatMap((key) => this.#sessions.get(key) ?? []);
  }

  /** Slots that one more session may have, of those it wishes for; 0: there is no room for it. */
  slotsToGrant(wished: number): number {
    const { options } = this.#around;
    if (this.#sessions.size >= options.sessionsMax) return 0;
    return this.#slotShares.grant(Math.max(1, Math.min(wished, options.slots)), [...this.#sessions.values()]);
  }

  addSession(fresh: NewSession): ServedSession {
    const { timers, transport, hooks } = this.#around;
    const { client, callbackCred, ...settled } = fresh;
    const record = { ...settled, id: this.#newId(fresh.clientId), createdAt: timers.nowNanos() };
    const model = serverSession<Uint8Array>(record);
    const backChannel = new BackChannel(transport, timers, hooks);
    const session = { model, client, backChannel, callbackCred, slotsGranted: model.fore.size };
    backChannel.belongTo(session);
    this.#sessions.set(model.key, session);
    client.sessions.add(model.key);
    this.#slotShares.balance([...this.#sessions.values()]);
    return session;
  }

  destroySession(session: ServedSession): void {
    if (!this.#sessions.delete(session.model.key)) return;
    this.#lastFound = null;
    session.client.sessions.delete(session.model.key);
    session.model.destroyedAt = this.#around.timers.nowNanos();
    session.backChannel.close();
    for (const sessions of this.#byConnection.values()) sessions.delete(session);
    this.#slotShares.balance([...this.#sessions.values()]);
  }

  /** The server instance ends, and all that it knows. */
  close(): void {
    for (const { backChannel } of this.#sessions.values()) backChannel.close();
  }

  /** The client table let this client go: so go its sessions and its state. */
  forget(client: ServedClient): void {
    for (const session of this.sessionsOf(client)) this.destroySession(session);
    this.#around.clientForgotten(client);
  }

  /** Forgets the clients whose lease ran out. */
  expire(atNanos: number): void {
    for (const client of this.clients.expire(atNanos)) this.forget(client);
  }

  /** The session uses this connection. */
  associate(connection: number, session: ServedSession): void {
    const sessions = this.#byConnection.get(connection);
    if (sessions === undefined) this.#byConnection.set(connection, new Set([session]));
    else sessions.add(session);
  }

  connectionLost(connection: number): void {
    const sessions = this.#byConnection.get(connection) ?? [];
    this.#byConnection.delete(connection);
    for (const session of sessions) {
      session.model.connections.lost(connection);
      session.backChannel.connectionLost(connection);
    }
  }

  #newId(clientId: bigint): Uint8Array {
    const { random, timers, idIsGuessable } = this.#around;
    let made: NewSessionId | null = null;
    for (let tries = 0; made === null || this.#sessions.has(sessionIdText(made.id)); tries++) {
      if (tries === ID_TRIES_MAX) throw new Error("session ids repeat themselves");
      made = newSessionId(random, { clientId, nowNanos: timers.wallNanos() + BigInt(tries) });
    }
    if (made.source === "fallback") idIsGuessable();
    return made.id;
  }
}

/** Says before the next reply does that fewer slots are wished for. RFC 8881 §20.8 */
function recallSlots({ backChannel }: ServedSession, targetHighest: number): void {
  if (!backChannel.isUp) return;
  const value = { rsa_target_highest_slotid: targetHighest };
  backChannel.send([{ operation: CB_RECALL_SLOT, value }], null, () => {});
}

function isSame(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let at = 0; at < a.length; at++) if (a[at] !== b[at]) return false;
  return true;
}
