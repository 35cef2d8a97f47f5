import {
  NFS4_OK,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_DELAY,
  NFS4ERR_DELEG_REVOKED,
  NFS4ERR_GRACE,
  NFS4ERR_LOCKED,
  NFS4ERR_LOCKS_HELD,
  NFS4ERR_OPENMODE,
  SEQ4_STATUS_RECALLABLE_STATE_REVOKED,
} from "../../nfs4/constants.ts";
import type { stateid4 } from "../../nfs4/types.ts";
import type { Timers } from "../../sys/timers.ts";
import type { CompoundContext } from "../context.ts";
import type { FileSystem } from "../fs/file-system.ts";
import type { Inode } from "../fs/inode.ts";
import { Refusal, refuse } from "../refusal.ts";
import type { ServedClient } from "../served-client.ts";
import type { Callbacks } from "./callbacks.ts";
import { Delegations } from "./delegations.ts";
import { FileStates } from "./file-state.ts";
import { isShareDenied, SHARE_READ, SHARE_WRITE, type Share, withShare } from "./share-reservations.ts";
import { specialKind } from "./special-stateid.ts";
import { advance, type LockState, type OpenState, type State } from "./state.ts";
import { requireSeqid, type StateLimits, StateTable } from "./state-table.ts";

/** What state needs of the server around it. */
export interface StateSurroundings {
  readonly timers: Timers;
  readonly fileSystem: FileSystem;
  readonly callbacks: Callbacks;
  readonly leaseSeconds: number;
  /** How long an operation waits for delegations to be returned before it says DELAY. */
  readonly recallWaitMillis: number;
  readonly limits?: StateLimits;
}

/** Opens, locks and delegations of all clients. RFC 8881 §8, §9, §10 */
export class States {
  readonly table: StateTable;
  readonly files = new FileStates();
  readonly delegations: Delegations;
  readonly #around: StateSurroundings;
  /** Clients that were dropped: operations of theirs that still wait must leave nothing behind. */
  readonly #dropped = new WeakSet<ServedClient>();
  /** Counts restarts, for the same reason. */
  #instance = 0;

  constructor(around: StateSurroundings) {
    this.#around = around;
    this.table = new StateTable(around.limits);
    this.delegations = new Delegations({ ...around, table: this.table, files: this.files });
  }

  /** The state that a stateid names, for operations on state. The special stateids but "current" name none. */
  resolve(context: CompoundContext, stateid: stateid4): State {
    return this.#find(context.client, substituted(context, stateid));
  }

  /** The same where it must be of one kind and of the current file. */
  resolveAs<K extends State["kind"]>(
    context: CompoundContext,
    stateid: stateid4,
    kind: K,
  ): Extract<State, { kind: K }> {
    return requireKind(context, this.resolve(context, stateid), kind);
  }

  /** The open that is to be closed or downgraded: here the current stateid keeps its seqid. RFC 8881 §8.2.3 */
  resolveOpen(context: CompoundContext, stateid: stateid4): OpenState {
    const meant = specialKind(stateid) === "current" ? (context.currentStateid ?? stateid) : stateid;
    return requireKind(context, this.#find(context.client, meant), "open");
  }

  /** Whether a stateid is good for the file, whatever it allows. */
  checkNamed(context: CompoundContext, inode: Inode, stateid: stateid4): void {
    const kind = specialKind(stateid);
    if (kind === "anonymous" || kind === "bypass") return;
    if (this.resolve(context, stateid).inode !== inode) refuse(NFS4ERR_BAD_STATEID);
  }

  /**
   * Whether a stateid allows reading or writing the file's contents; `denied` where there is no open and another one
   * denies it. RFC 8881 §8.2.3, §9.1.2
   */
  check(
    context: CompoundContext,
    inode: Inode,
    stateid: stateid4,
    mode: "read" | "write",
    denied = NFS4ERR_LOCKED,
  ): void {
    const kind = specialKind(stateid);
    const access = mode === "read" ? SHARE_READ : SHARE_WRITE;
    if (kind === "bypass" && mode === "read") return;
    if (kind === "anonymous" || kind === "bypass") {
      const { grace, timers } = context.services;
      // An open that denies this may be about to be reclaimed. RFC 8881 §8.4.2.1
      if (grace.isActive(timers.nowNanos())) refuse(NFS4ERR_GRACE);
      if (this.isShareDenied(inode, { access, deny: 0 })) refuse(denied);
      return;
    }
    const state = this.resolve(context, stateid);
    if (state.inode !== inode) refuse(NFS4ERR_BAD_STATEID);
    if ((accessOf(state) & access) === 0) refuse(NFS4ERR_OPENMODE);
  }

  /**
   * Has other clients return their delegations of the file; DELAY when that takes long, or when whoever waits is gone
   * meanwhile. Nothing to wait for: undefined.
   */
  yieldDelegations(context: CompoundContext, inode: Inode): Promise<void> | undefined {
    const client = context.sequence?.client ?? null;
    if (this.delegations.conflicting(inode, client).length === 0) return undefined;
    const requireThere = this.watch(client);
    return this.delegations.recall(inode, client, this.#around.recallWaitMillis).then((isDone) => {
      if (!isDone) refuse(NFS4ERR_DELAY);
      requireThere();
    });
  }

  /** DELAY where others hold delegations of the file again. */
  requireYielded(context: CompoundContext, inode: Inode): void {
    const client = context.sequence?.client ?? null;
    if (this.delegations.conflicting(inode, client).length > 0) refuse(NFS4ERR_DELAY);
  }

  /** For whoever waits: gives what says DELAY once the client was dropped, or the server restarted, in the meantime. */
  watch(client: ServedClient | null): () => void {
    const instance = this.#instance;
    return () => {
      const isDropped = client !== null && this.#dropped.has(client);
      if (isDropped || instance !== this.#instance) refuse(NFS4ERR_DELAY);
    };
  }

  /** Opens the file for an owner, or widens what the owner has. The caller has seen to share reservations. */
  open(client: ServedClient, owner: string, inode: Inode, { access, deny }: Share): OpenState {
    const own = this.#openOf(client, owner, inode);
    if (own !== null) {
      own.access |= access;
      own.deny |= deny;
      own.accessAsked = withShare(own.accessAsked, access);
      own.denyAsked = withShare(own.denyAsked, deny);
      advance(own);
      return own;
    }
    const asked = { accessAsked: withShare(0, access), denyAsked: withShare(0, deny) };
    const seed = { kind: "open", client, owner, inode, access, deny, ...asked, locks: new Set<LockState>() } as const;
    const open = this.table.add<OpenState>(seed);
    this.files.of(inode).opens.add(open);
    this.#around.fileSystem.holdOpen(inode);
    return open;
  }

  /** The state of a lock owner on a file, made when it is new. */
  lockOwner(open: OpenState, owner: string): LockState {
    const { client, inode } = open;
    const { lockOwners } = this.files.of(inode);
    for (const held of lockOwners) if (held.client === client && held.owner === owner) return held;
    const state = this.table.add<LockState>({ kind: "lock", client, owner, inode, open });
    // Its first change makes it 1.
    state.seqid = 0;
    lockOwners.add(state);
    open.locks.add(state);
    return state;
  }

  /** CLOSE: locks that were taken under the open go with it. RFC 8881 §18.2.3 */
  close(open: OpenState): void {
    const held = this.files.of(open.inode);
    for (const lockState of open.locks) this.freeLock(lockState);
    held.opens.delete(open);
    this.table.delete(open);
    this.files.tidy(open.inode);
    this.#around.fileSystem.releaseOpen(open.inode);
  }

  freeLock(state: LockState): void {
    const held = this.files.of(state.inode);
    held.locks.releaseAll(lockKey(state));
    held.lockOwners.delete(state);
    state.open.locks.delete(state);
    this.table.delete(state);
    this.files.tidy(state.inode);
  }

  /** TEST_STATEID of one; a special one is no good. RFC 8881 §18.48.3 */
  test(client: ServedClient, stateid: stateid4): number {
    try {
      this.#find(client, stateid);
      return NFS4_OK;
    } catch (error) {
      if (error instanceof Refusal) return error.status;
      throw error;
    }
  }

  /** FREE_STATEID: of locks that hold nothing, and of what was revoked. RFC 8881 §18.38 */
  free(context: CompoundContext, stateid: stateid4): number {
    const meant = substituted(context, stateid);
    const state = this.table.find(context.client, meant);
    requireSeqid(state, meant.seqid);
    if (state.kind === "delegation" && state.isRevoked) {
      this.delegations.drop(state);
      return NFS4_OK;
    }
    if (state.kind !== "lock" || this.files.of(state.inode).locks.isHeldBy(lockKey(state))) return NFS4ERR_LOCKS_HELD;
    this.freeLock(state);
    return NFS4_OK;
  }

  /** Bits of sr_status_flags about lost state. */
  statusFlags(client: ServedClient): number {
    return this.delegations.hasRevoked(client) ? SEQ4_STATUS_RECALLABLE_STATE_REVOKED : 0;
  }

  /** True when opens of the file stand in the way. */
  isShareDenied(inode: Inode, wanted: Share): boolean {
    return isShareDenied(this.files.peek(inode)?.opens ?? [], wanted);
  }

  /** A client is gone with all that it held. */
  dropClient(client: ServedClient): void {
    this.#dropped.add(client);
    for (const state of [...this.table.of(client)]) this.#drop(state);
  }

  /** The server restarted: nothing is held any more, and no stateid of before is known. */
  restart(): void {
    this.#instance++;
    for (const state of [...this.table.all()]) this.#drop(state);
    this.table.restart();
  }

  #find(client: ServedClient, stateid: stateid4): State {
    if (specialKind(stateid) !== null) refuse(NFS4ERR_BAD_STATEID);
    const state = this.table.find(client, stateid);
    if (state.kind === "delegation" && state.isRevoked) refuse(NFS4ERR_DELEG_REVOKED);
    requireSeqid(state, stateid.seqid);
    return state;
  }

  #openOf(client: ServedClient, owner: string, inode: Inode): OpenState | null {
    const opens = this.files.peek(inode)?.opens ?? [];
    for (const open of opens) if (open.client === client && open.owner === owner) return open;
    return null;
  }

  /** Locks go with their opens, so that some are gone when their turn comes. */
  #drop(state: State): void {
    if (!this.table.has(state)) return;
    if (state.kind === "open") this.close(state);
    else if (state.kind === "lock") this.freeLock(state);
    else this.delegations.drop(state);
  }
}

/** Puts in the latest instance of the current stateid where that is meant. RFC 8881 §8.2.3 */
function substituted({ currentStateid }: CompoundContext, stateid: stateid4): stateid4 {
  if (specialKind(stateid) !== "current" || currentStateid === null) return stateid;
  return specialKind(currentStateid) === null ? { seqid: 0, other: currentStateid.other } : currentStateid;
}

/** A stateid may be good, but not for this operation or this file. RFC 8881 §8.2.4 */
function requireKind<K extends State["kind"]>(
  { current }: CompoundContext,
  state: State,
  kind: K,
): Extract<State, { kind: K }> {
  if (state.kind !== kind || state.inode !== current) refuse(NFS4ERR_BAD_STATEID);
  return state as Extract<State, { kind: K }>;
}

/** What a stateid lets its holder do. */
function accessOf(state: State): number {
  if (state.kind === "delegation") return SHARE_READ;
  return state.kind === "open" ? state.access : state.open.access;
}

/** Whose a byte-range lock is: lock owners of two clients are never the same. */
export function lockKey({ client, owner }: Pick<LockState, "client" | "owner">): string {
  return `${client.clientId} ${owner}`;
}
