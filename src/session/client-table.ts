import {
  NFS4_OK,
  NFS4ERR_CLID_INUSE,
  NFS4ERR_CLIENTID_BUSY,
  NFS4ERR_DELAY,
  NFS4ERR_STALE_CLIENTID,
} from "../nfs4/constants.ts";
import type { ClientProperties } from "./client.ts";
import { Client } from "./client.ts";
import type { CreateSessionVerdict } from "./create-session-slot.ts";
import type { ExchangeIdCase } from "./exchange-id-case.ts";
import { exchangeIdCase, exchangeIdOutcome } from "./exchange-id-case.ts";

/** Client records of one server. */
const CLIENTS_MAX = 65_536;

/** A client owner may have both at once: it restarted, and the new incarnation has no session yet. */
interface OwnerRecords<Result> {
  confirmed: Client<Result> | null;
  unconfirmed: Client<Result> | null;
}

export interface ExchangeIdAnswer<Result> {
  readonly status: number;
  readonly case: ExchangeIdCase;
  /** The record to report; null when the status is not OK. */
  readonly client: Client<Result> | null;
  /** The client that was deleted, so that its sessions and state can be dropped. */
  readonly deleted: Client<Result> | null;
}

export interface CreateSessionDecision<Result> {
  /** Null when the client ID is unknown: phase 1. */
  readonly verdict: CreateSessionVerdict | null;
  readonly status: number;
  /** The result to repeat. */
  readonly cached: Result | null;
  /** With status OK of a new request: go on to phase 4, then call `finishCreateSession`. */
  readonly client: Client<Result> | null;
}

/** The client records of a server. RFC 8881 §18.35.4, §18.36.4, §18.50 */
export class ClientTable<Result> {
  readonly #leaseNanos: number;
  readonly #newClientId: () => bigint;
  readonly #byId = new Map<bigint, Client<Result>>();
  readonly #byOwner = new Map<string, OwnerRecords<Result>>();
  /** Records refused because the table was full. */
  dropped = 0;

  /** `newClientId` never gives the same number twice within one boot of the server. */
  constructor(leaseNanos: number, newClientId: () => bigint) {
    this.#leaseNanos = leaseNanos;
    this.#newClientId = newClientId;
  }

  get count(): number {
    return this.#byId.size;
  }

  get(clientId: bigint): Client<Result> | null {
    return this.#byId.get(clientId) ?? null;
  }

  clients(): Iterable<Client<Result>> {
    return this.#byId.values();
  }

  /** EXCHANGE_ID. `update`: UPD_CONFIRMED_REC_A is set; `eirSequenceId`: what a new record starts with. */
  exchangeId(
    properties: ClientProperties,
    update: boolean,
    eirSequenceId: number,
    at: number,
  ): ExchangeIdAnswer<Result> {
    const records = this.#byOwner.get(properties.ownerId) ?? { confirmed: null, unconfirmed: null };
    const old = records.confirmed;
    const number = exchangeIdCase(
      old !== null,
      records.unconfirmed !== null,
      update,
      old?.properties.verifier === properties.verifier,
      old?.properties.principal === properties.principal,
    );
    const outcome = exchangeIdOutcome(number, old?.isInUse(at) ?? false);
    if (outcome.status !== NFS4_OK) return { status: outcome.status, case: number, client: null, deleted: null };
    const deleted = outcome.deletesConfirmed ? old : null;
    if (deleted !== null) this.#delete(deleted);
    // A retry or a trunking test on a confirmed record settles that no restart took place. §18.35.4 case 5, last item
    if (outcome.makesRecord || number === 2) this.#deleteUnconfirmed(properties.ownerId);
    if (outcome.updates) old!.properties = properties;
    if (!outcome.makesRecord) return { status: NFS4_OK, case: number, client: old, deleted };
    const client = this.#add(properties, eirSequenceId, at);
    return { status: client === null ? NFS4ERR_DELAY : NFS4_OK, case: number, client, deleted };
  }

  /** Phases 1 to 3 of CREATE_SESSION. A new request that passes is begun: its sequence id is consumed. */
  beginCreateSession(clientId: bigint, seq: number, principal: string): CreateSessionDecision<Result> {
    const client = this.get(clientId);
    if (client === null) return { verdict: null, status: NFS4ERR_STALE_CLIENTID, cached: null, client: null };
    const answer = client.createSession.validate(seq);
    if (answer.verdict !== "new") return { ...answer, client: null };
    client.createSession.begin(seq);
    if (client.properties.principal !== principal) {
      return { verdict: "new", status: NFS4ERR_CLID_INUSE, cached: null, client };
    }
    return { verdict: "new", status: NFS4_OK, cached: null, client };
  }

  /**
   * The outcome of phases 3 and 4. Success confirms an unconfirmed record and ends the older incarnation in the same
   * step, which is returned; failure leaves all records as they were, though it is cached. RFC 8881 §18.36.4
   */
  finishCreateSession(client: Client<Result>, status: number, result: Result): Client<Result> | null {
    client.createSession.finish(status, result);
    // Deleted by another EXCHANGE_ID while the session was being made: nothing to confirm.
    if (status !== NFS4_OK || client.isConfirmed || this.get(client.clientId) !== client) return null;
    const records = this.#ownerRecords(client.properties.ownerId);
    const older = records.confirmed;
    if (older !== null) this.#byId.delete(older.clientId);
    records.confirmed = client;
    records.unconfirmed = null;
    client.isConfirmed = true;
    return older;
  }

  /** DESTROY_CLIENTID; `sequenceClientId`: that of the SEQUENCE in front, null without one. RFC 8881 §18.50.3 */
  destroyClientId(clientId: bigint, sequenceClientId: bigint | null, at: number): number {
    const client = this.get(clientId);
    if (client === null) return NFS4ERR_STALE_CLIENTID;
    if (clientId === sequenceClientId || client.isInUse(at)) return NFS4ERR_CLIENTID_BUSY;
    this.#delete(client);
    return NFS4_OK;
  }

  /**
   * Forgets clients whose lease ran out, and records that no CREATE_SESSION confirmed within a lease period (SHOULD,
   * §18.35.4). Returns them, so that their state can be dropped.
   */
  expire(at: number): Client<Result>[] {
    const expired = [...this.#byId.values()].filter((client) => client.lease.isExpired(at));
    for (const client of expired) this.#delete(client);
    return expired;
  }

  #add(properties: ClientProperties, eirSequenceId: number, at: number): Client<Result> | null {
    if (this.#byId.size >= CLIENTS_MAX) {
      this.dropped++;
      return null;
    }
    const client = new Client<Result>(this.#newClientId(), properties, eirSequenceId, this.#leaseNanos, at);
    this.#byId.set(client.clientId, client);
    this.#ownerRecords(properties.ownerId).unconfirmed = client;
    return client;
  }

  #ownerRecords(ownerId: string): OwnerRecords<Result> {
    let records = this.#byOwner.get(ownerId);
    if (records === undefined) {
      records = { confirmed: null, unconfirmed: null };
      this.#byOwner.set(ownerId, records);
    }
    return records;
  }

  #deleteUnconfirmed(ownerId: string): void {
    const unconfirmed = this.#byOwner.get(ownerId)?.unconfirmed ?? null;
    if (unconfirmed !== null) this.#delete(unconfirmed);
  }

  #delete(client: Client<Result>): void {
    this.#byId.delete(client.clientId);
    const records = this.#byOwner.get(client.properties.ownerId);
    if (records === undefined) return;
    if (records.confirmed === client) records.confirmed = null;
    if (records.unconfirmed === client) records.unconfirmed = null;
    if (records.confirmed === null && records.unconfirmed === null) this.#byOwner.delete(client.properties.ownerId);
  }
}
