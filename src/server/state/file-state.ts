import type { Inode } from "../fs/inode.ts";
import { ByteRangeLocks } from "./byte-range-locks.ts";
import type { DelegationState, LockState, OpenState } from "./state.ts";

/** All that is held on one file. */
export interface FileState {
  readonly opens: Set<OpenState>;
  readonly lockOwners: Set<LockState>;
  readonly delegations: Set<DelegationState>;
  readonly locks: ByteRangeLocks;
}

/** State by file; a file that nobody holds has none. */
export class FileStates {
  readonly #byInode = new Map<Inode, FileState>();

  /** Null where nobody holds anything. */
  peek(inode: Inode): FileState | null {
    return this.#byInode.get(inode) ?? null;
  }

  of(inode: Inode): FileState {
    let state = this.#byInode.get(inode);
    if (state === undefined) {
      state = { opens: new Set(), lockOwners: new Set(), delegations: new Set(), locks: new ByteRangeLocks() };
      this.#byInode.set(inode, state);
    }
    return state;
  }

  /** Forgets the file when nothing is held on it any more. */
  tidy(inode: Inode): void {
    const state = this.#byInode.get(inode);
    if (state === undefined) return;
    const { opens, lockOwners, delegations } = state;
    if (opens.size === 0 && lockOwners.size === 0 && delegations.size === 0) this.#byInode.delete(inode);
  }
}
