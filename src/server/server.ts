import type { ByteChannel } from "../sys/byte-channel.ts";
import type { RandomSource } from "../sys/random.ts";
import type { Cancel, Timers } from "../sys/timers.ts";
import { ClientCallbacks } from "./client-callbacks.ts";
import type { CompoundReply } from "./compound-service.ts";
import { CompoundService } from "./compound-service.ts";
import { type ConnectionHost, ServedConnection } from "./connection.ts";
import type { Services } from "./context.ts";
import { FileSystem } from "./fs/file-system.ts";
import { Grace } from "./grace.ts";
import type { Hooks } from "./hooks.ts";
import { identityFrom, type ServerIdentity } from "./identity.ts";
import { handlerByNumber } from "./ops/index.ts";
import { bulkBytesMax, SERVER_OPTIONS, type ServerOptions } from "./options.ts";
import { Registry } from "./registry.ts";
import { States } from "./state/states.ts";

const NANOS_PER_SECOND = 1e9;
const MILLIS_PER_SECOND = 1000;
const IDENTITY_BYTES = 8;
/** How often leases are looked at, within one of them. */
const LOOKS_PER_LEASE = 4;
/** Requests larger than what is granted are still read, so that they can be answered REQ_TOO_BIG. RFC 8881 §2.10.6.4 */
const REQUEST_SLACK_BYTES = 65_536;
const DRAIN_LOOK_MILLIS = 20;

export interface ServerSettings {
  readonly options?: Partial<ServerOptions>;
  readonly timers: Timers;
  readonly random: RandomSource;
  /** Faults. */
  readonly hooks?: Hooks;
  /** Gets one line for each thing that the operator should know. */
  readonly log?: (line: string) => void;
}

/** What a server has done so far. */
export interface ServerCounters {
  connections: number;
  /** Connections turned away because there were `connectionsMax`. */
  refusedConnections: number;
  requests: number;
  restarts: number;
}

/** An NFSv4.1 and 4.2 server with a file system in memory. It is given connections, and never opens any. */
export class Nfs4Server {
  readonly options: ServerOptions;
  readonly fileSystem: FileSystem;
  readonly counters: ServerCounters = { connections: 0, refusedConnections: 0, requests: 0, restarts: 0 };
  readonly #settings: ServerSettings;
  readonly #hooks: Hooks;
  readonly #identity: ServerIdentity;
  readonly #states: States;
  readonly #grace = new Grace();
  readonly #connections = new Map<number, ServedConnection>();
  #connectionCount = 0;
  #boot = 0;
  #services: Services;
  #service: CompoundService;
  #cancelLook: Cancel;

  constructor(settings: ServerSettings) {
    const { timers, random, hooks = {} } = settings;
    this.options = { ...SERVER_OPTIONS, ...settings.options };
    this.#settings = settings;
    this.#hooks = hooks;
    this.#identity = identityFrom(random(IDENTITY_BYTES));
    this.fileSystem = new FileSystem(timers, {
      bytesMax: this.options.bytesMax,
      inodesMax: this.options.inodesMax,
      bulkBytesMax: bulkBytesMax(this.options),
    });
    this.#states = new States({
      timers,
      fileSystem: this.fileSystem,
      callbacks: new ClientCallbacks(() => this.#services.registry),
      leaseSeconds: this.options.leaseSeconds,
      recallWaitMillis: this.options.recallWaitMillis,
    });
    this.#services = this.#newServices();
    this.#service = this.#newService();
    this.#cancelLook = this.#lookLater();
  }

  /** Clients, sessions and connections, for the curious. */
  get registry(): Registry {
    return this.#services.registry;
  }

  get connectionCount(): number {
    return this.#connections.size;
  }

  /** Serves a connection until it ends. */
  accept(channel: ByteChannel): void {
    if (this.#connections.size >= this.options.connectionsMax) {
      this.counters.refusedConnections++;
      this.#log(`${channel.remoteAddress}: turned away, there are ${this.#connections.size} connections`);
      channel.reset();
      return;
    }
    const connection = new ServedConnection(++this.#connectionCount, channel, this.#host());
    this.counters.connections++;
    this.#connections.set(connection.id, connection);
    connection.open();
  }

  /**
   * What a crash and a new start would do, but for files and filehandles: connections end, sessions, client IDs and
   * stateids are gone, the write verifier is another one, and owners known before may reclaim. RFC 8881 §8.4.2
   */
  restart(): void {
    const { timers } = this.#settings;
    const { clients } = this.#services.registry;
    const owners = [...clients.clients()]
      .filter(({ isConfirmed }) => isConfirmed)
      .map((each) => each.properties.ownerId);
    for (const connection of [...this.#connections.values()]) connection.reset();
    this.#services.registry.close();
    this.counters.restarts++;
    this.#states.restart();
    this.#services = this.#newServices();
    this.#service = this.#newService();
    this.#grace.restart(owners, timers.nowNanos() + this.options.graceSeconds * NANOS_PER_SECOND);
  }

  /** Ends what runs, within so many milliseconds, then all connections. */
  async drain(millis: number): Promise<void> {
    const { timers } = this.#settings;
    const until = timers.nowNanos() + millis * 1e6;
    while (this.#service.running > 0 && timers.nowNanos() < until) {
      await new Promise<void>((resolve) => timers.after(DRAIN_LOOK_MILLIS, resolve));
    }
    this.stop();
  }

  /** Ends all connections at once. */
  stop(): void {
    this.#cancelLook();
    for (const connection of [...this.#connections.values()]) connection.end();
  }

  #newServices(): Services {
    const { timers, random } = this.#settings;
    this.#boot++;
    const registry = new Registry(
      {
        options: this.options,
        timers,
        random,
        hooks: this.#hooks,
        transport: {
          call: (connection, call, body, answered) => this.#connections.get(connection)?.call(call, body, answered),
        },
        clientForgotten: (client) => this.#states.dropClient(client),
        idIsGuessable: () => this.#log("the random source failed: session ids are unique, but can be guessed"),
      },
      this.#bootNumber(),
    );
    return {
      options: this.options,
      identity: this.#identity,
      registry,
      hooks: this.#hooks,
      fileSystem: this.fileSystem,
      states: this.#states,
      grace: this.#grace,
      timers,
      leaseSeconds: this.options.leaseSeconds,
      writeVerifier: this.#writeVerifier(),
    };
  }

  #newService(): CompoundService {
    return new CompoundService(this.#services, {
      handlers: handlerByNumber,
      broken: ({ name }, error) => {
        this.#log(
          `internal error in ${name}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      },
    });
  }

  /** Another one at each start: client IDs of an instance before must not be those of this one. RFC 8881 §2.4 */
  #bootNumber(): number {
    const seconds = Number(this.#settings.timers.wallNanos() / 1_000_000_000n);
    return (seconds + this.#boot) >>> 0;
  }

  #writeVerifier(): Uint8Array {
    const verifier = new Uint8Array(8);
    const view = new DataView(verifier.buffer);
    view.setBigUint64(0, BigInt.asUintN(64, this.#settings.timers.wallNanos() + BigInt(this.#boot)));
    return verifier;
  }

  #host(): ConnectionHost {
    const service = this.#service;
    return {
      service,
      requestBytesMax: this.options.messageBytesMax + REQUEST_SLACK_BYTES,
      reply: (connection, reply) => this.#reply(connection, reply),
      log: (line) => this.#log(line),
      closed: (connection) => this.#closed(connection),
    };
  }

  #reply(connection: ServedConnection, { record, isRetry }: CompoundReply): void {
    this.counters.requests++;
    const { replying } = this.#hooks;
    if (replying === undefined) {
      connection.send(...record);
      return;
    }
    const others = [...this.#connections.keys()].filter((id) => id !== connection.id);
    const outgoing = replying({ connection: connection.id, record: Buffer.concat(record) }, isRetry, others);
    if (outgoing !== null) this.#connections.get(outgoing.connection)?.send(outgoing.record);
  }

  #closed(connection: ServedConnection): void {
    this.#connections.delete(connection.id);
    this.#services.registry.connectionLost(connection.id);
  }

  #lookLater(): Cancel {
    const { timers } = this.#settings;
    return timers.after((this.options.leaseSeconds * MILLIS_PER_SECOND) / LOOKS_PER_LEASE, () => {
      this.#services.registry.expire(timers.nowNanos());
      this.#cancelLook = this.#lookLater();
    });
  }

  #log(line: string): void {
    this.#settings.log?.(line);
  }
}
