import type { Cancel, Timers } from "../../sys/timers.ts";
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

/** Why there is no delegation: somebody is in the way, or it could not be recalled, or there are too many. */
export type Obstacle = "contention" | "resource";

/** Read delegations: granted when nobody writes, recalled when somebody wants to. RFC 8881 §10.4 */
export class Delegations {
  readonly #tools: DelegationTools;
  /** What looks again whenever a delegation of the file is gone. */
  readonly #waiters = new Map<Inode, Set<() => void>>();
  /** Recalled ones, which will be revoked. */
  readonly #deadlines = new Map<DelegationState, Cancel>();
  /** Revoked ones that their clients have not freed yet. */
  readonly #revoked = new Map<ServedClient, number>();
  #count = 0;

  constructor(tools: DelegationTools) {
    this.#tools = tools;
  }

  /** A read delegation for the client, or what speaks against giving one. */
  grant(client: ServedClient, inode: Inode, created: Creator | null): DelegationState | Obstacle {
    return this.#obstacle(client, inode) ?? this.#add(client, inode, created);
  }

  /** The delegation that the client had before a restart. It always gets it, if only to return it. RFC 8881 §18.16.3 */
  reclaim(client: ServedClient, inode: Inode, created: Creator | null): DelegationState {
    const held = this.#heldBy(client, inode);
    if (held !== null) return held;
    const isInTheWay = this.#obstacle(client, inode) !== null;
    const delegation = this.#add(client, inode, created);
    if (isInTheWay) this.#recallOne(delegation);
    return delegation;
  }

  /** Delegations of others than this client that a change of the file would break. */
  conflicting(inode: Inode, client: ServedClient | null): DelegationState[] {
    const held = this.#tools.files.peek(inode)?.delegations ?? [];
    return [...held].filter((each) => each.client !== client);
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

  /** It was returned or, after its revocation, freed; or its client is gone. */
  drop(delegation: DelegationState): void {
    this.#tools.table.delete(delegation);
    if (delegation.isRevoked) this.#countRevoked(delegation.client, -1);
    else this.#takeOff(delegation);
  }

  #heldBy(client: ServedClient, inode: Inode): DelegationState | null {
    const held = this.#tools.files.peek(inode)?.delegations ?? [];
    return [...held].find((each) => each.client === client) ?? null;
  }

  #obstacle(client: ServedClient, inode: Inode): Obstacle | null {
    const { files, table, callbacks } = this.#tools;
    const held = files.peek(inode);
    const isWritten = [...(held?.opens ?? [])].some(({ access }) => (access & SHARE_WRITE) !== 0);
    const isRecalled = [...(held?.delegations ?? [])].some((each) => each.isRecalled);
    if (isWritten || isRecalled || this.#waiters.has(inode) || this.#heldBy(client, inode) !== null)
      return "contention";
    const hasRoom = this.#count < DELEGATIONS_MAX && table.hasRoom(client);
    return hasRoom && callbacks.canCall(client) ? null : "resource";
  }

  #add(client: ServedClient, inode: Inode, created: Creator | null): DelegationState {
    const { table, files } = this.#tools;
    const seed = { kind: "delegation", client, inode, created, isRecalled: false, isRevoked: false } as const;
    const delegation = table.add<DelegationState>(seed);
    files.of(inode).delegations.add(delegation);
    this.#count++;
    return delegation;
  }

  #recallOne(delegation: DelegationState): void {
    if (delegation.isRecalled) return;
    delegation.isRecalled = true;
    const { callbacks, fileSystem, timers, leaseSeconds } = this.#tools;
    const { client, inode, created } = delegation;
    // Whatever the client says, it has a lease period to return it. RFC 8881 §10.4.5
    const cancel = timers.after(leaseSeconds * MILLIS_PER_SECOND, () => this.#revoke(delegation));
    this.#deadlines.set(delegation, cancel);
    const recall = { client, stateid: stateidOf(delegation), fh: fileSystem.handleOf(inode), truncate: false, created };
    callbacks.recall(recall, () => {});
  }

  /** RECALLABLE_STATE_REVOKED shows until the client frees the stateid. RFC 8881 §18.46.3 */
  #revoke(delegation: DelegationState): void {
    delegation.isRevoked = true;
    this.#countRevoked(delegation.client, 1);
    this.#takeOff(delegation);
  }

  /** The file is free of it. */
  #takeOff(delegation: DelegationState): void {
    const { files } = this.#tools;
    const { inode } = delegation;
    files.of(inode).delegations.delete(delegation);
    files.tidy(inode);
    this.#count--;
    this.#deadlines.get(delegation)?.();
    this.#deadlines.delete(delegation);
    for (const look of [...(this.#waiters.get(inode) ?? [])]) look();
  }

  #countRevoked(client: ServedClient, change: number): void {
    const count = (this.#revoked.get(client) ?? 0) + change;
    if (count === 0) this.#revoked.delete(client);
    else this.#revoked.set(client, count);
  }
}
