import type { Call } from "./call.ts";
import type { ChannelAttributes } from "./channel-attributes.ts";
import type { FlagHistory } from "./flag-history.ts";
import type { ObservedClient } from "./observed-client.ts";
import type { ObservedConnection } from "./observed-connection.ts";
import type { ObservedServer } from "./observed-server.ts";
import { ObservedSlotTable } from "./observed-slot-table.ts";
import type { Sighting } from "./sighting.ts";

/** Connections remembered for each session. */
const SESSION_CONNECTIONS_MAX = 1024;

export interface NegotiatedAttributes {
  requested: ChannelAttributes | null;
  granted: ChannelAttributes | null;
}

/** Why a session is over. `replaced`: its client ID was taken over by a new incarnation of the client. */
export type SessionEnd = "destroyed" | "replaced" | "client-destroyed" | "disowned";

/** One session as an outsider sees it; `created` is null when its CREATE_SESSION was not captured. */
export class ObservedSession {
  /** 32 lower-case hexadecimal digits. */
  readonly id: string;
  readonly server: ObservedServer;
  created: Sighting | null;
  readonly firstSeen: Sighting;
  readonly minorVersion: number;
  /** Null while the client ID is unknown. */
  client: ObservedClient | null;
  /** csr_flags; null when unknown. */
  flags: number | null = null;
  requestedFlags: number | null = null;
  callbackProgram: number | null = null;
  readonly foreAttributes: NegotiatedAttributes = { requested: null, granted: null };
  readonly backAttributes: NegotiatedAttributes = { requested: null, granted: null };
  readonly fore: ObservedSlotTable;
  /** Null until granted, bound or seen in use. */
  back: ObservedSlotTable | null = null;
  /** Channels bound on each connection. RFC 8881 §2.10.3.1 */
  readonly connections = new Map<ObservedConnection, Set<"fore" | "back">>();
  connectionsOmitted = 0;
  /** What `isBound` found last: it is asked for each reply, and a binding ends with its session only. */
  #lastBound: ObservedConnection | null = null;
  #lastChannel: "fore" | "back" = "fore";
  /** Set when the reply that ended the session was seen. */
  ended: Sighting | null = null;
  endedBy: SessionEnd | null = null;
  /** The call that asked for the end. */
  endingCall: Call | null = null;
  /** The server said BADSESSION or DEADSESSION to it: it no longer knows it. */
  disowned: Sighting | null = null;
  /** Slot activity proves connections that the capture does not hold. */
  otherPaths: Sighting | null = null;
  /** Sequence ids that jumped ahead and were accepted, where no gap explains it. */
  acceptedJumps = 0;
  /** Failed SEQUENCE and CB_SEQUENCE results by status number. */
  readonly sequenceErrors = new Map<number, number>();
  /** Replies by set sr_status_flags bit number. */
  readonly statusFlagCounts = new Map<number, number>();
  /** sr_status_flags of the last reply that counted; see `noteStatusFlags`. */
  statusFlags = 0;
  /** Null as long as no flag was set. */
  flagHistory: FlagHistory | null = null;
  /** sr_status_flags were set, or a rule follows a delayed request: `call-new` is told as `call-new-troubled` too. */
  isTroubled = false;
  /** The first global RECLAIM_COMPLETE sent on it: it may be recorded before the client ID is known. */
  reclaimCompleteSent: Call | null = null;
  lastCallAt = Number.NEGATIVE_INFINITY;
  lastReplyAt = Number.NEGATIVE_INFINITY;
  /** Last SEQUENCE that succeeded: it renewed the lease. RFC 8881 §8.3 */
  lastRenewalAt = Number.NEGATIVE_INFINITY;
  repliesSeen = 0;

  constructor(
    id: string,
    server: ObservedServer,
    client: ObservedClient | null,
    minorVersion: number,
    seen: Sighting,
    isCreated: boolean,
  ) {
    this.id = id;
    this.server = server;
    this.client = client;
    this.minorVersion = minorVersion;
    this.firstSeen = seen;
    this.created = isCreated ? seen : null;
    this.fore = new ObservedSlotTable(this, "fore");
  }

  table(channel: "fore" | "back"): ObservedSlotTable {
    if (channel === "fore") return this.fore;
    this.back ??= new ObservedSlotTable(this, "back");
    return this.back;
  }

  attributes(channel: "fore" | "back"): NegotiatedAttributes {
    return channel === "fore" ? this.foreAttributes : this.backAttributes;
  }

  /** Nothing but calls, or refusals of them, speaks for its existence. */
  get isUnproven(): boolean {
    return this.created === null && this.lastRenewalAt === Number.NEGATIVE_INFINITY;
  }

  get isLive(): boolean {
    return this.ended === null && this.disowned === null;
  }

  /** False when there is no room to remember it. */
  bind(connection: ObservedConnection, channel: "fore" | "back"): boolean {
    const channels = this.connections.get(connection);
    if (channels !== undefined) channels.add(channel);
    else if (this.connections.size < SESSION_CONNECTIONS_MAX) this.connections.set(connection, new Set([channel]));
    else {
      this.connectionsOmitted++;
      return false;
    }
    return true;
  }

  isBound(connection: ObservedConnection, channel: "fore" | "back"): boolean {
    if (connection === this.#lastBound && channel === this.#lastChannel) return true;
    if (!this.connections.get(connection)?.has(channel)) return false;
    this.#lastBound = connection;
    this.#lastChannel = channel;
    return true;
  }

  /** Bytes are missing from the capture on one of its connections between the two times. */
  hasGapBetween(from: number, to: number): boolean {
    for (const connection of this.connections.keys()) if (connection.hasGapBetween(from, to)) return true;
    return false;
  }
}
