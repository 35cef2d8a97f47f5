import { expect } from "vitest";
import { NFS4_OK, statusName, validErrors } from "../../src/nfs4/constants.ts";
import type { stateid4 } from "../../src/nfs4/types.ts";
import { CompoundContext, type LeadingSequence, type Services, type User } from "../../src/server/context.ts";
import { FileSystem, type FileSystemLimits } from "../../src/server/fs/file-system.ts";
import { type Inode, type InodeSeed, NF4REG } from "../../src/server/fs/inode.ts";
import { Grace } from "../../src/server/grace.ts";
import type { Handler } from "../../src/server/handler.ts";
import { handlers } from "../../src/server/ops/index.ts";
import { SERVER_OPTIONS } from "../../src/server/options.ts";
import { Refusal } from "../../src/server/refusal.ts";
import type { ServedClient } from "../../src/server/served-client.ts";
import type { Callbacks, Recall } from "../../src/server/state/callbacks.ts";
import type { StateLimits } from "../../src/server/state/state-table.ts";
import { States } from "../../src/server/state/states.ts";
import { Client, SP4_NONE } from "../../src/session/client.ts";
import { LIMITS, type Outcome, ROOT, throughXdr } from "./server-context.ts";
import { VirtualTimers } from "./virtual-timers.ts";

export { INVALID } from "../../src/server/state/special-stateid.ts";
export const LEASE_MILLIS = 90_000;
export const RECALL_WAIT_MILLIS = 1000;
const NANOS_PER_MILLI = 1_000_000;

export const ANONYMOUS: stateid4 = { seqid: 0, other: new Uint8Array(12) };
export const BYPASS: stateid4 = { seqid: 0xffff_ffff, other: new Uint8Array(12).fill(0xff) };
export const CURRENT: stateid4 = { seqid: 1, other: new Uint8Array(12) };

/** Back channels that remember what was recalled; a test returns it, or does not. */
export class FakeCallbacks implements Callbacks {
  readonly recalls: Recall[] = [];
  readonly unreachable = new Set<ServedClient>();

  canCall(client: ServedClient): boolean {
    return !this.unreachable.has(client);
  }

  recall(recall: Recall, done: (status: number | null) => void): void {
    this.recalls.push(recall);
    done(this.canCall(recall.client) ? NFS4_OK : null);
  }
}

export interface StatefulServerOptions {
  readonly fileSystem?: Partial<FileSystemLimits>;
  readonly states?: StateLimits;
}

/** State, files and all operations, without sessions: who asks is told by hand. */
export class StatefulServer {
  readonly timers = new VirtualTimers();
  readonly callbacks = new FakeCallbacks();
  readonly grace = new Grace();
  readonly fileSystem: FileSystem;
  readonly states: States;
  readonly services: Services;
  #clients = 0;

  constructor({ fileSystem = {}, states }: StatefulServerOptions = {}) {
    const { timers, callbacks, grace } = this;
    this.fileSystem = new FileSystem(timers, { ...LIMITS, ...fileSystem });
    this.states = new States({
      timers,
      callbacks,
      fileSystem: this.fileSystem,
      leaseSeconds: LEASE_MILLIS / 1000,
      recallWaitMillis: RECALL_WAIT_MILLIS,
      ...(states === undefined ? {} : { limits: states }),
    });
    this.services = {
      options: SERVER_OPTIONS,
      fileSystem: this.fileSystem,
      states: this.states,
      grace,
      timers,
      leaseSeconds: LEASE_MILLIS / 1000,
      writeVerifier: new Uint8Array(8).fill(1),
    } as unknown as Services;
  }

  /** A client that has nothing to reclaim. */
  client(owner = `client ${this.#clients + 1}`): StatefulClient {
    const client = this.newClient(owner);
    client.record.reclaim.complete(null);
    return client;
  }

  /** A client that has not said yet whether it has. */
  newClient(owner: string): StatefulClient {
    const properties = {
      ownerId: owner,
      verifier: "00",
      principal: "sys:0",
      minorVersion: 2,
      flags: 0,
      stateProtect: SP4_NONE,
    };
    const lease = LEASE_MILLIS * NANOS_PER_MILLI;
    return new StatefulClient(this, new Client(BigInt(++this.#clients), properties, 1, lease, this.timers.nowNanos()));
  }

  /** A file in the root. */
  file(name: string, contents: Uint8Array | string = "", seed: Partial<InodeSeed> = {}): Inode {
    const whole = { type: NF4REG, mode: 0o666, uid: 0, gid: 0, ...seed };
    const { inode } = this.fileSystem.create(this.fileSystem.root, name, whole);
    if (contents.length > 0) inode.data.write(0, Buffer.from(contents as string));
    return inode;
  }

  /** All state is lost; owners known before may reclaim for a minute. */
  restart(owners: readonly string[]): void {
    this.states.restart();
    this.grace.restart(owners, this.timers.nowNanos() + 60_000 * NANOS_PER_MILLI);
  }
}

/** A client with one session of one slot. */
export class StatefulClient {
  readonly server: StatefulServer;
  readonly record: ServedClient;
  #seq = 0;

  constructor(server: StatefulServer, record: ServedClient) {
    this.server = server;
    this.record = record;
  }

  /** A compound at this object. */
  at(inode: Inode = this.server.fileSystem.root, user: User = ROOT, minorVersion = 2): StatefulCompound {
    const sessionId = new Uint8Array(16).fill(Number(this.record.clientId));
    const sequence = {
      session: { model: { record: { id: sessionId } } },
      client: this.record,
      slotId: 0,
      seq: ++this.#seq,
      cachethis: false,
    } as unknown as LeadingSequence;
    const request = { minorVersion, user, connection: 1, sequence, operationCount: 1 };
    const compound = new StatefulCompound(new CompoundContext(this.server.services, request));
    compound.context.setCurrent(inode);
    return compound;
  }
}

const byName = new Map<string, Handler>(handlers.map((each) => [each.operation.name, each]));

/** Runs operations one after the other, their arguments and results brought through XDR. */
export class StatefulCompound {
  readonly context: CompoundContext;

  constructor(context: CompoundContext) {
    this.context = context;
  }

  /** The object becomes the saved one, and the current one stays what it is. */
  withSaved(saved: Inode): this {
    const { current } = this.context;
    this.context.setCurrent(saved);
    this.context.save();
    this.context.setCurrent(current);
    return this;
  }

  /** Executes the operation; any status it gives has to be one that the RFC allows it. */
  async run<R = object>(name: string, args?: unknown): Promise<Outcome<R>> {
    const { operation, run } = byName.get(name) as Handler;
    const outcome = (await this.#outcome(async () => {
      const value = await run(this.context, throughXdr(operation.args, args));
      const result = throughXdr(operation.res, value) as Record<string, unknown>;
      const statusField = Object.keys(result).find((key) => /status$/.test(key)) as string;
      return { ...result, status: result[statusField] };
    })) as Outcome<R>;
    const allowed = validErrors(operation.number, this.context.minorVersion);
    if (!allowed.has(outcome.status)) expect.fail(`${name} must not give ${statusName(outcome.status)}`);
    return outcome;
  }

  /** The same for an operation that has to succeed. */
  async ok<R = object>(name: string, args?: unknown): Promise<Outcome<R>> {
    const outcome = await this.run<R>(name, args);
    expect(statusName(outcome.status), name).toBe("NFS4_OK");
    return outcome;
  }

  /** The name of the status. */
  async status(name: string, args?: unknown): Promise<string> {
    return statusName((await this.run(name, args)).status);
  }

  async #outcome(act: () => Promise<unknown>): Promise<unknown> {
    try {
      return await act();
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status };
      throw error;
    }
  }
}
