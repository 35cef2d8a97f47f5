import { expect } from "vitest";
import { NFS4_OK, statusName, validErrors } from "../../src/nfs4/constants.ts";
import { CompoundContext, type Services, type User } from "../../src/server/context.ts";
import { FileSystem, type FileSystemLimits } from "../../src/server/fs/file-system.ts";
import { type Inode, type InodeSeed, NF4DIR, NF4LNK, NF4REG } from "../../src/server/fs/inode.ts";
import type { Handler } from "../../src/server/handler.ts";
import { attributeHandlers } from "../../src/server/ops/attributes.ts";
import { filehandleHandlers } from "../../src/server/ops/filehandle.ts";
import { namespaceHandlers } from "../../src/server/ops/namespace.ts";
import { readdirHandlers } from "../../src/server/ops/readdir.ts";
import { secinfoHandlers } from "../../src/server/ops/secinfo.ts";
import { SERVER_OPTIONS } from "../../src/server/options.ts";
import { Refusal } from "../../src/server/refusal.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { Sink } from "../../src/xdr/sink.ts";
import type { Type } from "../../src/xdr/types.ts";
import { VirtualTimers } from "./virtual-timers.ts";

const MEBIBYTE = 1024 * 1024;
export const LIMITS: FileSystemLimits = { bytesMax: 64 * MEBIBYTE, inodesMax: 200_000, bulkBytesMax: MEBIBYTE };

/** Operations that need no state of clients. */
const stateless = new Map<string, Handler>(
  [filehandleHandlers, namespaceHandlers, attributeHandlers, readdirHandlers, secinfoHandlers]
    .flat()
    .map((each) => [each.operation.name, each]),
);

/** A user of AUTH_SYS, 0 for the superuser. */
export function userOf(uid: number, gid = uid, gids: readonly number[] = []): User {
  return { uid, gid, gids, principal: `sys:${uid}` };
}

export const ROOT = userOf(0);

/** Nobody has opened anything, and no delegation is out. */
const NO_STATE = {
  check: () => {},
  yieldDelegations: () => undefined,
  requireYielded: () => {},
};

/** What a handler answered: the result's value, or the status alone when it refused. */
export type Outcome<R> = R & { readonly status: number };

/** A file system and the operations that need nothing but one: no sessions, no state. */
export class StatelessServer {
  readonly timers = new VirtualTimers();
  readonly fileSystem: FileSystem;
  readonly services: Services;

  constructor(limits: Partial<FileSystemLimits> = {}, states: Partial<Services["states"]> = {}) {
    this.fileSystem = new FileSystem(this.timers, { ...LIMITS, ...limits });
    this.services = {
      options: SERVER_OPTIONS,
      fileSystem: this.fileSystem,
      timers: this.timers,
      leaseSeconds: 90,
      writeVerifier: new Uint8Array(8).fill(1),
      states: { ...NO_STATE, ...states },
    } as unknown as Services;
  }

  get root(): Inode {
    return this.fileSystem.root;
  }

  /** Makes a file, or what the seed says, without asking for permission. */
  add(directory: Inode, name: string, seed: Partial<InodeSeed> = {}): Inode {
    const whole = { type: NF4REG, mode: 0o644, uid: 0, gid: 0, ...seed };
    return this.fileSystem.create(directory, name, whole).inode;
  }

  addDirectory(directory: Inode, name: string, seed: Partial<InodeSeed> = {}): Inode {
    return this.add(directory, name, { type: NF4DIR, mode: 0o755, ...seed });
  }

  addLink(directory: Inode, name: string, target: string): Inode {
    return this.add(directory, name, { type: NF4LNK, mode: 0o777, target });
  }

  /** A compound of this user at the object, or without current filehandle. */
  compound(at: Inode | null = this.root, user: User = ROOT, minorVersion = 2): StatelessCompound {
    const request = { minorVersion, user, connection: 1, sequence: null, operationCount: 1 };
    const compound = new StatelessCompound(new CompoundContext(this.services, request));
    if (at !== null) compound.context.setCurrent(at);
    return compound;
  }
}

/** Runs operations one after the other, their arguments and results brought through XDR. */
export class StatelessCompound {
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
  run<R = object>(name: string, args?: unknown): Outcome<R> {
    const { operation, run } = stateless.get(name) as Handler;
    const outcome = this.#outcome(() => {
      const value = run(this.context, throughXdr(operation.args, args));
      if (value instanceof Promise) throw new Error(`${name} waits without a reason`);
      return throughXdr(operation.res, value);
    }) as Outcome<R>;
    const allowed = validErrors(operation.number, this.context.minorVersion);
    if (!allowed.has(outcome.status)) expect.fail(`${name} must not give ${statusName(outcome.status)}`);
    return outcome;
  }

  /** The same for an operation that has to succeed. */
  ok<R = object>(name: string, args?: unknown): Outcome<R> {
    const outcome = this.run<R>(name, args);
    expect(statusName(outcome.status), name).toBe(statusName(NFS4_OK));
    return outcome;
  }

  /** The same for one that has to wait, and then to succeed. */
  async later(name: string, args?: unknown): Promise<void> {
    const { operation, run } = stateless.get(name) as Handler;
    const value = run(this.context, throughXdr(operation.args, args));
    expect(value, name).toBeInstanceOf(Promise);
    expect(await value, name).toMatchObject({ status: NFS4_OK });
  }

  /** The name of the status. */
  status(name: string, args?: unknown): string {
    return statusName(this.run(name, args).status);
  }

  #outcome(act: () => unknown): unknown {
    try {
      return act();
    } catch (error) {
      if (error instanceof Refusal) return { status: error.status };
      throw error;
    }
  }
}

/** What arrives at the other side. */
export function throughXdr<T>(type: Type<T>, value: unknown): T {
  const sink = new Sink();
  type.write(sink, value as T);
  const bytes = sink.finish();
  return type.read(new Cursor().reset(bytes, 0, bytes.length));
}

/** The status that the action is refused with, by name. */
export function refusalOf(act: () => unknown): string {
  try {
    act();
  } catch (error) {
    if (error instanceof Refusal) return statusName(error.status);
    throw error;
  }
  return "NFS4_OK";
}

/** The bytes that a value takes on the wire. */
export function encodedLength<T>(type: Type<T>, value: T): number {
  const sink = new Sink();
  type.write(sink, value);
  return sink.length;
}
