import { NFS4ERR_NOFILEHANDLE } from "../nfs4/constants.ts";
import type { stateid4 } from "../nfs4/types.ts";
import type { Timers } from "../sys/timers.ts";
import type { FileSystem } from "./fs/file-system.ts";
import type { Inode } from "./fs/inode.ts";
import type { Grace } from "./grace.ts";
import type { Hooks } from "./hooks.ts";
import type { ServerIdentity } from "./identity.ts";
import type { ServerOptions } from "./options.ts";
import { refuse } from "./refusal.ts";
import type { Registry } from "./registry.ts";
import type { ServedClient } from "./served-client.ts";
import type { ServedSession } from "./served-session.ts";
import type { States } from "./state/states.ts";

/** Whom a request acts for. */
export interface User {
  readonly uid: number;
  readonly gid: number;
  readonly gids: readonly number[];
  /** The user in one word, for comparisons: `sys:1000`, `none`. */
  readonly principal: string;
}

/** What the operations of one server instance share. */
export interface Services {
  readonly options: ServerOptions;
  readonly identity: ServerIdentity;
  readonly registry: Registry;
  readonly hooks: Hooks;
  readonly fileSystem: FileSystem;
  readonly states: States;
  readonly grace: Grace;
  readonly timers: Timers;
  /** lease_time, attribute 10. */
  readonly leaseSeconds: number;
  /** Another one after each restart: unstable data may be gone. RFC 8881 §18.32.3 */
  readonly writeVerifier: Uint8Array;
}

/** The SEQUENCE that leads a compound. */
export interface LeadingSequence {
  readonly session: ServedSession;
  readonly client: ServedClient;
  readonly slotId: number;
  readonly seq: number;
  readonly cachethis: boolean;
}

/** What one operation of a compound leaves for the next. RFC 8881 §16.2.3.1 */
export class CompoundContext {
  readonly services: Services;
  readonly minorVersion: number;
  readonly user: User;
  /** Number of the connection that the request came on. */
  readonly connection: number;
  /** Null in a compound without SEQUENCE. */
  readonly sequence: LeadingSequence | null;
  readonly operationCount: number;
  /** Index of the operation being executed. */
  index = 0;
  /** Bytes that the result of the operation being executed may take, its number and status included. */
  room = Number.POSITIVE_INFINITY;
  currentStateid: stateid4 | null = null;
  savedStateid: stateid4 | null = null;
  #current: Inode | null = null;
  #saved: Inode | null = null;

  constructor(
    services: Services,
    request: Pick<CompoundContext, "minorVersion" | "user" | "connection" | "sequence" | "operationCount">,
  ) {
    this.services = services;
    this.minorVersion = request.minorVersion;
    this.user = request.user;
    this.connection = request.connection;
    this.sequence = request.sequence;
    this.operationCount = request.operationCount;
  }

  /** The client whose session the compound uses. Only for operations that cannot stand without SEQUENCE. */
  get client(): ServedClient {
    if (this.sequence === null) throw new Error("an operation that needs SEQUENCE ran without");
    return this.sequence.client;
  }

  /** The object of the current filehandle; NOFILEHANDLE without one. */
  get current(): Inode {
    return this.#current ?? refuse(NFS4ERR_NOFILEHANDLE);
  }

  /** The object of the saved filehandle; NOFILEHANDLE without one. */
  get saved(): Inode {
    return this.#saved ?? refuse(NFS4ERR_NOFILEHANDLE);
  }

  /** Sets the current filehandle, which makes the current stateid go. RFC 8881 §16.2.3.1.2 */
  setCurrent(inode: Inode): void {
    this.#current = inode;
    this.currentStateid = null;
  }

  /** SECINFO and SECINFO_NO_NAME leave none behind. RFC 8881 §2.6.3.1.1.8 */
  clearCurrent(): void {
    this.#current = null;
    this.currentStateid = null;
  }

  /** SAVEFH */
  save(): void {
    this.#saved = this.current;
    this.savedStateid = this.currentStateid;
  }

  /** RESTOREFH; NOFILEHANDLE when nothing was saved. RFC 8881 §18.27.3 */
  restore(): void {
    this.#current = this.saved;
    this.currentStateid = this.savedStateid;
  }
}
