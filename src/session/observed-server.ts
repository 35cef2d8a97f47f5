import { LEASE_ASSUMED_SECONDS } from "./lease.ts";
import type { ObservedClient } from "./observed-client.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { Sighting } from "./sighting.ts";
import { Upheavals } from "./upheavals.ts";

/** Signs of restarts that are kept; the oldest is let go. */
const RESTARTS_KEPT = 256;

/** A server instance: one address, or several that EXCHANGE_ID proved to be one. RFC 8881 §2.10.5 */
export class ObservedServer {
  /** `10.0.0.1:2049` of the address seen first. */
  readonly endpoint: string;
  /** so_major_id, so_minor_id and scope in hexadecimal; null until an EXCHANGE_ID reply. */
  owner: string | null = null;
  readonly #clients = new Map<string, ObservedClient>();
  /** Of those that told whose they are. */
  readonly #clientsByOwner = new Map<string, Set<ObservedClient>>();
  /** By session id, ended ones included. */
  readonly sessions = new Map<string, ObservedSession>();
  /** lease_time in seconds, null until a reply told it. */
  leaseSeconds: number | null = null;
  /** Replies that no longer knew a client ID, in order: signs of a restart. */
  readonly restarts: Sighting[] = [];
  /** Restarts, takeovers: what befell many sessions and slots at once. */
  readonly upheavals = new Upheavals();

  constructor(endpoint: string) {
    this.endpoint = endpoint;
  }

  /** By client ID, ended ones included. */
  get clients(): ReadonlyMap<string, ObservedClient> {
    return this.#clients;
  }

  /** The clients with that co_ownerid, ended ones included. */
  clientsOf(ownerHex: string): Iterable<ObservedClient> {
    return this.#clientsByOwner.get(ownerHex) ?? [];
  }

  /** One with its number is forgotten. */
  addClient(client: ObservedClient): void {
    const namesake = this.#clients.get(client.clientId);
    if (namesake !== undefined) this.#disown(namesake);
    this.#clients.set(client.clientId, client);
  }

  forgetOldestClient(): void {
    for (const oldest of this.#clients.values()) {
      this.#disown(oldest);
      this.#clients.delete(oldest.clientId);
      return;
    }
  }

  /** An EXCHANGE_ID told whose client it is. */
  own(client: ObservedClient, ownerHex: string): void {
    if (client.ownerHex === ownerHex) return;
    this.#disown(client);
    client.ownerHex = ownerHex;
    const known = this.#clientsByOwner.get(ownerHex);
    if (known === undefined) this.#clientsByOwner.set(ownerHex, new Set([client]));
    else known.add(client);
  }

  #disown(client: ObservedClient): void {
    const { ownerHex } = client;
    const known = ownerHex === null ? undefined : this.#clientsByOwner.get(ownerHex);
    if (known?.delete(client) && known.size === 0) this.#clientsByOwner.delete(ownerHex!);
  }

  noteRestart(seen: Sighting): void {
    this.restarts.push(seen);
    if (this.restarts.length > RESTARTS_KEPT) this.restarts.shift();
  }

  get leaseNanos(): number {
    return (this.leaseSeconds ?? LEASE_ASSUMED_SECONDS) * 1e9;
  }
}
