import { NFS4_OK, NFS4ERR_COMPLETE_ALREADY, NFS4ERR_GRACE, NFS4ERR_NO_GRACE } from "../nfs4/constants.ts";

/** File systems on their way to this server that are followed for each client. */
const MIGRATIONS_MAX = 4096;

/** How far a client ID is with reclaiming its locks. A file system is named by any text that is one for each. RFC 8881 §18.51 */
export class ReclaimState {
  #isDone = false;
  /** File systems that came from another server, and whether the client has reclaimed what it held there. */
  readonly #migrated = new Map<string, boolean>();
  /** Migrations beyond the bound: treated as if they had not happened. */
  dropped = 0;

  /** A global RECLAIM_COMPLETE was sent. */
  get isDone(): boolean {
    return this.#isDone;
  }

  /** RECLAIM_COMPLETE for everything (null), or with rca_one_fs for one file system. */
  complete(fileSystem: string | null): number {
    if (fileSystem === null) {
      if (this.#isDone) return NFS4ERR_COMPLETE_ALREADY;
      this.#isDone = true;
      return NFS4_OK;
    }
    const isDone = this.#migrated.get(fileSystem);
    // "not in the process of migration": OK, "and is otherwise ignored". §18.51.3 paragraph 3 (second item)
    if (isDone === undefined) return NFS4_OK;
    if (isDone) return NFS4ERR_COMPLETE_ALREADY;
    this.#migrated.set(fileSystem, true);
    return NFS4_OK;
  }

  /** What a lock that is no reclaim gets: GRACE until the client said that it is done, even with nothing to reclaim. */
  lockStatus(fileSystem: string): number {
    return this.#isDone && this.#migrated.get(fileSystem) !== false ? NFS4_OK : NFS4ERR_GRACE;
  }

  /** What a reclaim gets: once the client said that it is done, there is no more of it. §18.51.3 paragraph 4 */
  reclaimStatus(fileSystem: string): number {
    const isOpen = !this.#isDone || this.#migrated.get(fileSystem) === false;
    return isOpen ? NFS4_OK : NFS4ERR_NO_GRACE;
  }

  /** The file system arrived from another server, with the client's locks to be reclaimed. */
  fileSystemArrived(fileSystem: string): void {
    if (this.#migrated.size >= MIGRATIONS_MAX && !this.#migrated.has(fileSystem)) this.dropped++;
    else this.#migrated.set(fileSystem, false);
  }

  /** The server restarted. */
  restart(): void {
    this.#isDone = false;
    this.#migrated.clear();
  }
}
