import { CreateSessionSlot } from "./create-session-slot.ts";
import { Lease } from "./lease.ts";
import { ReclaimState } from "./reclaim.ts";

/** How a client's state is protected from others. RFC 8881 §18.35.3, state_protect4_a */
export interface StateProtect {
  readonly how: "none" | "machine-credential" | "ssv";
  /** Operations (numbers) of the result's spo_must_enforce. */
  readonly mustEnforce: ReadonlySet<number>;
  /** Operations of the result's spo_must_allow. */
  readonly mustAllow: ReadonlySet<number>;
}

export const SP4_NONE: StateProtect = { how: "none", mustEnforce: new Set(), mustAllow: new Set() };

/** What an EXCHANGE_ID says of the client; texts are hexadecimal where the protocol has bytes. */
export interface ClientProperties {
  /** co_ownerid. */
  readonly ownerId: string;
  /** co_verifier: the incarnation. */
  readonly verifier: string;
  readonly principal: string;
  readonly minorVersion: number;
  /** eia_flags as granted, without UPD_CONFIRMED_REC_A and CONFIRMED_R. */
  readonly flags: number;
  readonly stateProtect: StateProtect;
}

/** A client record: one incarnation of a client owner and its client ID. RFC 8881 §18.35.4 */
export class Client<Result> {
  readonly clientId: bigint;
  /** Case 6 puts new properties in. */
  properties: ClientProperties;
  isConfirmed = false;
  readonly createdAt: number;
  readonly lease: Lease;
  readonly reclaim = new ReclaimState();
  /** Its first number is eir_sequenceid. */
  readonly createSession: CreateSessionSlot<Result>;
  /** Ids of its sessions. */
  readonly sessions = new Set<string>();
  /** Opens, locks, delegations, layouts and wants, counted by whoever holds them. */
  stateCount = 0;

  constructor(clientId: bigint, properties: ClientProperties, eirSequenceId: number, leaseNanos: number, at: number) {
    this.clientId = clientId;
    this.properties = properties;
    this.createdAt = at;
    this.lease = new Lease(leaseNanos, at);
    this.createSession = new CreateSessionSlot(eirSequenceId);
  }

  /** Sessions count as state: destroying the client ID would take them away. RFC 8881 §18.50.3 */
  get hasState(): boolean {
    return this.sessions.size > 0 || this.stateCount > 0;
  }

  /** Someone may still rely on it: state under a lease that runs. */
  isInUse(at: number): boolean {
    return this.hasState && !this.lease.isExpired(at);
  }
}
