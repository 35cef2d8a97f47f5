import { NFS4_OK, NFS4ERR_GRACE, NFS4ERR_NO_GRACE } from "../nfs4/constants.ts";
import type { ServedClient } from "./served-client.ts";

/** The only file system there is. */
const FILE_SYSTEM = "/";

/**
 * Who may take new locks and who may reclaim old ones. After a restart the owners known before have until the end of the
 * grace period, which ends early when the last of them is done. A first start has none. RFC 8881 §8.4.2
 */
export class Grace {
  /** Client owners of the instance before that have not finished. */
  readonly #awaited = new Set<string>();
  readonly #known = new Set<string>();
  #endsAt = 0;

  /** The server restarted. */
  restart(owners: Iterable<string>, endsAtNanos: number): void {
    this.#known.clear();
    this.#awaited.clear();
    for (const owner of owners) {
      this.#known.add(owner);
      this.#awaited.add(owner);
    }
    this.#endsAt = endsAtNanos;
  }

  isActive(atNanos: number): boolean {
    return this.#awaited.size > 0 && atNanos < this.#endsAt;
  }

  /** RECLAIM_COMPLETE for everything. */
  complete(client: ServedClient): void {
    this.#awaited.delete(client.properties.ownerId);
  }

  /** What OPEN and LOCK get that are no reclaims. */
  statusOfNew(client: ServedClient, atNanos: number): number {
    if (this.isActive(atNanos)) return NFS4ERR_GRACE;
    return client.reclaim.lockStatus(FILE_SYSTEM);
  }

  /** What a reclaim gets. A client that the instance before did not know has nothing to reclaim. */
  statusOfReclaim(client: ServedClient, atNanos: number): number {
    if (!this.isActive(atNanos) || !this.#known.has(client.properties.ownerId)) return NFS4ERR_NO_GRACE;
    return client.reclaim.reclaimStatus(FILE_SYSTEM);
  }

  /** RESTART_RECLAIM_NEEDED is to be shown to this client. */
  isReclaimNeeded(client: ServedClient, atNanos: number): boolean {
    return this.isActive(atNanos) && this.statusOfReclaim(client, atNanos) === NFS4_OK;
  }
}
