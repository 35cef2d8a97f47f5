import type { Timers } from "../../sys/timers.ts";
import type { FileSystem } from "../fs/file-system.ts";
import type { Inode } from "../fs/inode.ts";
import type { ServedClient } from "../served-client.ts";
import type { Callbacks, Creator } from "./callbacks.ts";
import type { FileStates } from "./file-state.ts";
import { SHARE_WRITE } from "./share-reservations.ts";
import { type DelegationState, stateidOf } from "./state.ts";
import type { StateTable } from "./state-table.ts";

/** Delegations of all clients. */
const DELEGATIONS_MAX = 65_536;
const MILLIS_PER_SECOND = 1000;

/** What delegations are made with. */
export interface DelegationTools {
  readonly table: StateTable;
  readonly files: FileStates;
  readonly fileSystem: FileSystem;
  readonly callbacks: Callbacks;
  readonly timers: Timers;
  readonly leaseSeconds: number;
}

/** Read delegations: granted when nobody writes, recalled when somebody wants to. RFC 8881 §10.4 */
export class Delegations {
  readonly #tools: DelegationTools;
  readonly #waiters = new Map<Inode, Set<() => void>>();
  /** Revoked ones that their clients have not freed yet. */
  readonly #revoked = new Map<ServedClient, number>();
  #count = 0;

  constructor(tools: DelegationTools) {
    this.#tools = tools;
  }

  /** A read delegation for the client, null when it is better not to give one. */
  grant(client: ServedClient, inode: Inode, created: Creator | null): DelegationState | null {
    const { table, files, callbacks } = this.#tools;
    const held = files.of(inode);
    const isWritten = [...held.opens].some(({ access }) => (access & SHARE_WRITE) !== 0);
    const hasOne = [...held.delegations].some((each) => each.client === client);
    const isContended = [...held.delegations].some(({ isRecalled }) => isRecalled) || this.#waiters.has(inode);
    if (isWritten || hasOne || isContended || this.#count >= DELEGATIONS_MAX || !callbacks.canCall(client)) return null;
    const seed = { kind: "delegation", client, inode, created, isRecalled: false, isRevoked: false } as const;
    const delegation = table.add<DelegationState>(seed);
    held.delegations.add(delegation);
    this.#count++;
    return delegation;
  }

  /** Delegations of others than this client that a change of the file would break. */
  conflicting(inode: Inode, client: ServedClient | null): DelegationState[] {
    const held = this.#tools.files.peek(inode)?.delegations ?? [];
    return [...held].filter((each) => each.client !== client && !each.isRevoked);
  }

  /** Recalls them, and resolves to true once all are back; to false when that takes too long. */
  recall(inode: Inode, client: ServedClient | null, waitMillis: number): Promise<boolean> {
    for (const delegation of this.conflicting(inode, client)) this.#recallOne(delegation);
    return new Promise((resolve) => {
      const waiters = this.#waiters.get(inode) ?? new Set();
      this.#waiters.set(inode, waiters);
      const end = (isDone: boolean) => {
        cancel();
        waiters.delete(look);
        if (waiters.size === 0) this.#waiters.delete(inode);
        resolve(isDone);
      };
      const look = () => {
        if (this.conflicting(inode, client).length === 0) end(true);
      };
      const cancel = this.#tools.timers.after(waitMillis, () => end(false));
      waiters.add(look);
      look();
    });
  }

  /** The client has lost a delegation and not said yet that it knows. */
  hasRevoked(client: ServedClient): boolean {
    return this.#revoked.has(client);
  }

  /** It was returned, or its client is gone. */
  drop(delegation: DelegationState): void {
    const { table, files } = this.#tools;
    table.delete(delegation);
    if (delegation.isRevoked) this.#countRevoked(delegation.client, -1);
    if (files.peek(delegation.inode)?.delegations.delete(delegation) === true) this.#count--;
    files.tidy(delegation.inode);
    this.#look(delegation.inode);
  }

  restart(): void {
    this.#count = 0;
    this.#revoked.clear();
    for (const inode of [...this.#waiters.keys()]) this.#look(inode);
  }

  #recallOne(delegation: DelegationState): void {
    if (delegation.isRecalled) return;
    delegation.isRecalled = true;
    const { callbacks, fileSystem, timers, leaseSeconds } = this.#tools;
    const { client, inode, created } = delegation;
    const recall = { client, stateid: stateidOf(delegation), fh: fileSystem.handleOf(inode), truncate: false, created };
    // Whatever the client says, it has a lease period to return it. RFC 8881 §10.4.5
    callbacks.recall(recall, () => {});
    timers.after(leaseSeconds * MILLIS_PER_SECOND, () => this.#revoke(delegation));
  }

  /** RECALLABLE_STATE_REVOKED shows until the client frees the stateid. RFC 8881 §18.46.3 */
  #revoke(delegation: DelegationState): void {
    const { files } = this.#tools;
    const isHeld = files.peek(delegation.inode)?.delegations.has(delegation) === true;
    if (!isHeld || delegation.isRevoked) return;
    delegation.isRevoked = true;
    this.#countRevoked(delegation.client, 1);
    this.#look(delegation.inode);
  }

  #countRevoked(client: ServedClient, change: number): void {
    const count = (this.#revoked.get(client) ?? 0) + change;
    if (count === 0) this.#revoked.delete(client);
    else this.#revoked.set(client, count);
  }

  #look(inode: Inode): void {
    for (const look of [...(this.#waiters.get(inode) ?? [])]) look();
  }
}
