import {
  NFS4_OK,
  NFS4ERR_BAD_STATEID,
  NFS4ERR_DELAY,
  NFS4ERR_DELEG_REVOKED,
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
import { isShareDenied, SHARE_READ, SHARE_WRITE, type Share } from "./share-reservations.ts";
import { specialKind } from "./special-stateid.ts";
import { advance, type LockState, type OpenState, type State } from "./state.ts";
import { StateTable } from "./state-table.ts";

/** What state needs of the server around it. */
export interface StateSurroundings {
  readonly timers: Timers;
  readonly fileSystem: FileSystem;
  readonly callbacks: Callbacks;
  readonly leaseSeconds: number;
  /** How long an operation waits for delegations to be returned before it says DELAY. */
  readonly recallWaitMillis: number;
}

/** Opens, locks and delegations of all clients. RFC 8881 §8, §9, §10 */
export class States {
  readonly table = new StateTable();
  readonly files = new FileStates();
  readonly delegations: Delegations;
  readonly #around: StateSurroundings;

  constructor(around: StateSurroundings) {
    this.#around = around;
    this.delegations = new Delegations({ ...around, table: this.table, files: this.files });
  }

  /** The state that a stateid names, for operations on state. The special stateids but "current" name none. */
  resolve(context: CompoundContext, stateid: stateid4): State {
    const meant =
      specialKind(stateid) === "current" ? (context.currentStateid ?? refuse(NFS4ERR_BAD_STATEID)) : stateid;
    if (specialKind(meant) !== null) refuse(NFS4ERR_BAD_STATEID);
    const state = this.table.find(context.client, meant);
    if (state.kind === "delegation" && state.isRevoked) refuse(NFS4ERR_DELEG_REVOKED);
    return state;
  }

  /** The same where it must be of one kind and of the current file. */
  resolveAs<K extends State["kind"]>(
    context: CompoundContext,
    stateid: stateid4,
    kind: K,
  ): Extract<State, { kind: K }> {
    const state = this.resolve(context, stateid);
    if (state.kind !== kind || state.inode !== context.current) refuse(NFS4ERR_BAD_STATEID);
    return state as Extract<State, { kind: K }>;
  }

  /** Whether a stateid allows reading or writing the file's contents. RFC 8881 §8.2.3, §9.1.2 */
  check(context: CompoundContext, inode: Inode, stateid: stateid4, mode: "read" | "write"): void {
    const kind = specialKind(stateid);
    const bit = mode === "read" ? SHARE_READ : SHARE_WRITE;
    if (kind === "invalid") refuse(NFS4ERR_BAD_STATEID);
    if (kind === "anonymous" || kind === "bypass") {
      const isBypassing = kind === "bypass" && mode === "read";
      if (!isBypassing && this.#isDenied(inode, { access: bit, deny: 0 })) refuse(NFS4ERR_LOCKED);
      return;
    }
    const state = this.resolve(context, stateid);
    if (state.inode !== inode) refuse(NFS4ERR_BAD_STATEID);
    if ((accessOf(state) & bit) === 0) refuse(NFS4ERR_OPENMODE);
  }

  checkWrite(context: CompoundContext, inode: Inode, stateid: stateid4): void {
    this.check(context, inode, stateid, "write");
  }

  /** Has other clients return their delegations of the file; DELAY when that takes long. Nothing to wait for: undefined. */
  yieldDelegations(context: CompoundContext, inode: Inode): Promise<void> | undefined {
    const client = context.sequence?.client ?? null;
    if (this.delegations.conflicting(inode, client).length === 0) return undefined;
    return this.delegations.recall(inode, client, this.#around.recallWaitMillis).then((isDone) => {
      if (!isDone) throw new Refusal(NFS4ERR_DELAY);
    });
  }

  /** Opens the file for an owner, or widens what the owner has. The caller has seen to share reservations. */
  open(client: ServedClient, owner: string, inode: Inode, { access, deny }: Share): OpenState {
    const held = this.files.of(inode);
    const own = this.openOf(client, owner, inode);
    if (own !== null) {
      own.access |= access;
      own.deny |= deny;
      advance(own);
      return own;
    }
    const open = this.table.add<OpenState>({ kind: "open", client, owner, inode, access, deny });
    held.opens.add(open);
    this.#around.fileSystem.holdOpen(inode);
    return open;
  }

  /** What the owner has open of the file. */
  openOf(client: ServedClient, owner: string, inode: Inode): OpenState | null {
    const opens = this.files.peek(inode)?.opens ?? [];
    for (const open of opens) if (open.client === client && open.owner === owner) return open;
    return null;
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
    return state;
  }

  /** CLOSE: locks that were taken under the open go with it. RFC 8881 §18.2.3 */
  close(open: OpenState): stateid4 {
    const held = this.files.of(open.inode);
    for (const lockState of [...held.lockOwners]) if (lockState.open === open) this.freeLock(lockState);
    held.opens.delete(open);
    this.table.delete(open);
    this.files.tidy(open.inode);
    this.#around.fileSystem.releaseOpen(open.inode);
    return advance(open);
  }

  freeLock(state: LockState): void {
    const held = this.files.of(state.inode);
    held.locks.releaseAll(lockKey(state));
    held.lockOwners.delete(state);
    this.table.delete(state);
    this.files.tidy(state.inode);
  }

  /** TEST_STATEID of one. RFC 8881 §18.48 */
  test(context: CompoundContext, stateid: stateid4): number {
    try {
      this.resolve(context, stateid);
      return NFS4_OK;
    } catch (error) {
      if (error instanceof Refusal) return error.status;
      throw error;
    }
  }

  /** FREE_STATEID: of locks that hold nothing, and of what was revoked. RFC 8881 §18.38 */
  free(context: CompoundContext, stateid: stateid4): number {
    if (specialKind(stateid) === "current") refuse(NFS4ERR_BAD_STATEID);
    const state = this.table.find(context.client, stateid);
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

  /** True when other opens stand in the way. */
  isShareDenied(inode: Inode, wanted: Share, own: OpenState | null): boolean {
    return isShareDenied(this.files.peek(inode)?.opens ?? [], wanted, own);
  }

  /** A client is gone with all that it held. */
  dropClient(client: ServedClient): void {
    for (const state of [...this.table.of(client)]) this.#drop(state);
  }

  /** The server restarted: nothing is held any more, and no stateid of before is known. */
  restart(): void {
    for (const state of [...this.table.all()]) this.#drop(state);
    this.table.restart();
    this.files.clear();
    this.delegations.restart();
  }

  #drop(state: State): void {
    if (state.kind === "open") this.close(state);
    else if (state.kind === "lock") this.freeLock(state);
    else this.delegations.drop(state);
  }

  #isDenied(inode: Inode, wanted: Share): boolean {
    return this.isShareDenied(inode, wanted, null);
  }
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
