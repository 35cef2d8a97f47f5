import { SocketError } from "../sys/sockets.ts";
import type { Timers } from "../sys/timers.ts";
import type { RpcConnection } from "./rpc-connection.ts";

const PAUSE_MILLIS_MIN = 50;
const PAUSE_MILLIS_MAX = 5000;

/** What a pool needs from its owner. */
export interface PoolOwner {
  open(): Promise<RpcConnection>;
  /** Makes a new connection fit for use; it is dropped when this fails. */
  ready(connection: RpcConnection): Promise<void>;
  /** There is a connection to send on. */
  connected(): void;
  lost(connection: RpcConnection): void;
  /** The server was out of reach for as long as is allowed. */
  unreachable(why: string): void;
}

/** So many connections to one server, opened again when they break. */
export class ConnectionPool {
  readonly #owner: PoolOwner;
  readonly #timers: Timers;
  readonly #wanted: number;
  readonly #patienceMillis: number;
  readonly #open: RpcConnection[] = [];
  #opening = 0;
  #next = 0;
  #isClosed = false;

  constructor(owner: PoolOwner, timers: Timers, wanted: number, patienceMillis: number) {
    this.#owner = owner;
    this.#timers = timers;
    this.#wanted = wanted;
    this.#patienceMillis = patienceMillis;
  }

  get connections(): readonly RpcConnection[] {
    return this.#open;
  }

  /** One after the other; null when there is none. */
  next(): RpcConnection | null {
    const open = this.#open;
    if (open.length === 0) return null;
    this.#next = (this.#next + 1) % open.length;
    const connection = open[this.#next]!;
    if (connection.isOpen) return connection;
    return open.find(({ isOpen }) => isOpen) ?? null;
  }

  /** Opens what is missing. */
  fill(): void {
    while (!this.#isClosed && this.#open.length + this.#opening < this.#wanted) {
      this.#opening++;
      void this.#openOne().finally(() => {
        this.#opening--;
      });
    }
  }

  /** Ends all connections in good order. */
  close(): void {
    this.#isClosed = true;
    for (const connection of this.#open) connection.close();
  }

  async #openOne(): Promise<void> {
    const startedAt = this.#timers.nowNanos();
    for (let attempt = 0; !this.#isClosed; attempt++) {
      const why = await this.#tryOne();
      if (why === null) return;
      if (this.#timers.nowNanos() - startedAt > this.#patienceMillis * 1e6) {
        if (this.#open.length === 0) this.#owner.unreachable(why);
        return;
      }
      await pause(this.#timers, Math.min(PAUSE_MILLIS_MIN * 2 ** Math.min(attempt, 16), PAUSE_MILLIS_MAX));
    }
  }

  /** Null when it went well. */
  async #tryOne(): Promise<string | null> {
    let connection: RpcConnection;
    try {
      connection = await this.#owner.open();
    } catch (error) {
      if (error instanceof SocketError) return error.message;
      throw error;
    }
    await this.#owner.ready(connection);
    if (!connection.isOpen || this.#isClosed) {
      connection.close();
      return "the connection broke at once";
    }
    this.#open.push(connection);
    void connection.lost.then(() => this.#lost(connection));
    this.#owner.connected();
    return null;
  }

  #lost(connection: RpcConnection): void {
    const index = this.#open.indexOf(connection);
    if (index >= 0) this.#open.splice(index, 1);
    this.#owner.lost(connection);
    this.fill();
  }
}

/** Waits so long. */
export function pause(timers: Timers, millis: number): Promise<void> {
  return new Promise((resolve) => void timers.after(millis, resolve));
}
