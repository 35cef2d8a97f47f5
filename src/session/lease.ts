import { NFS4_OK, SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED } from "../nfs4/constants.ts";

/** Assumed until a GETATTR reply tells lease_time. */
export const LEASE_ASSUMED_SECONDS = 90;

/**
 * The one lease of a client ID. Times are nanoseconds on the caller's clock. RFC 8881 §8.3
 */
export class Lease {
  /** lease_time, attribute 10. */
  readonly nanos: number;
  #renewedAt: number;
  /** Compounds that are being executed. */
  #running = 0;

  constructor(nanos: number, at: number) {
    this.nanos = nanos;
    this.#renewedAt = at;
  }

  get expiresAt(): number {
    return this.#running > 0 ? Number.POSITIVE_INFINITY : this.#renewedAt + this.nanos;
  }

  /** Takes note of a SEQUENCE that was answered; true when it renewed the lease. */
  sequence(at: number, status: number, statusFlags: number): boolean {
    if (!renewsLease(status, statusFlags)) return false;
    this.renew(at);
    return true;
  }

  /** The client's reply to CB_SEQUENCE counts as well as a SEQUENCE. RFC 8881 §8.3 */
  renew(at: number): void {
    if (at > this.#renewedAt) this.#renewedAt = at;
  }

  /** The rest of a compound runs whose SEQUENCE renewed the lease: it must not run out meanwhile. RFC 8881 §8.3 */
  hold(): void {
    this.#running++;
  }

  /** That compound's reply was sent: a whole lease_time from now on. RFC 8881 §8.3 */
  release(at: number): void {
    if (this.#running > 0) this.#running--;
    this.renew(at);
  }

  isExpired(at: number): boolean {
    return at > this.expiresAt;
  }
}

/**
 * True when a SEQUENCE with this outcome renews the lease, a replay too (§8.3). Failure renews nothing, and neither does
 * success when all state is already revoked (§18.46.3).
 */
export function renewsLease(status: number, statusFlags: number): boolean {
  return status === NFS4_OK && (statusFlags & SEQ4_STATUS_EXPIRED_ALL_STATE_REVOKED) === 0;
}
