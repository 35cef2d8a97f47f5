/** A sign that a server restarted. RFC 8881 §2.10.13 */
export type RestartSign =
  /** WRITE or COMMIT returned another write verifier. */
  | "write-verifier-changed"
  /** RESTART_RECLAIM_NEEDED is set where it was not. */
  | "reclaim-needed"
  /** A live session is unknown. */
  | "bad-session"
  /** A session whose connections had all been lost is unknown. */
  | "connections-lost"
  /** A live client ID is unknown. */
  | "stale-clientid"
  /** An operation was refused with GRACE. */
  | "grace"
  /** EXCHANGE_ID returned another so_minor_id or eir values. */
  | "server-owner-changed";

/** Signs that prove it on their own. */
const PROOFS: ReadonlySet<RestartSign> = new Set(["write-verifier-changed", "reclaim-needed"]);

/** What one restart is shown by comes within this time: signs of it are not those of a second restart. */
const SETTLING_LEASES = 2;

export interface Epoch {
  /** 0 for the epoch in which the server was first seen. */
  readonly number: number;
  /** When it was opened; null for the first. */
  readonly since: number | null;
  readonly signs: readonly RestartSign[];
}

/**
 * The boots of one server instance. Session and client ids mean something within one epoch only. A new one is opened on
 * evidence: one proof, or two different weaker signs (BADSESSION on a live session, then STALE_CLIENTID) close together.
 */
export class ServerEpochs {
  readonly #leaseNanos: number;
  #number = 0;
  #since: number | null = null;
  #signs: RestartSign[] = [];
  /** Weak signs that have not become an epoch, and when each was last seen. */
  readonly #pending = new Map<RestartSign, number>();

  constructor(leaseNanos: number) {
    this.#leaseNanos = leaseNanos;
  }

  get current(): Epoch {
    return { number: this.#number, since: this.#since, signs: this.#signs };
  }

  /** Takes a sign in; true when it opened a new epoch. */
  note(sign: RestartSign, at: number): boolean {
    if (this.#isSettling(at)) {
      if (!this.#signs.includes(sign)) this.#signs.push(sign);
      return false;
    }
    for (const [kind, seen] of this.#pending) if (at - seen > this.#leaseNanos) this.#pending.delete(kind);
    this.#pending.set(sign, at);
    if (!PROOFS.has(sign) && this.#pending.size < 2) return false;
    this.#number++;
    this.#since = at;
    this.#signs = [...this.#pending.keys()];
    this.#pending.clear();
    return true;
  }

  #isSettling(at: number): boolean {
    return this.#since !== null && at - this.#since <= SETTLING_LEASES * this.#leaseNanos;
  }
}

/** Key of a server instance: client ids are unique only per so_major_id and scope. RFC 8881 §18.35.3 */
export function serverInstanceKey(majorIdHex: string, scopeHex: string): string {
  return `${majorIdHex}/${scopeHex}`;
}
