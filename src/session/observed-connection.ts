import { GapLog } from "./gap-log.ts";
import type { ObservedServer } from "./observed-server.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { Sighting } from "./sighting.ts";

/** Gaps kept one by one for each connection; beyond them only the last one's end moves on. */
const GAPS_KEPT = 256;

/** Stream bytes that the peer received and the capture does not hold. */
export interface Gap {
  readonly from: number;
  to: number;
  bytes: number;
  /** Bytes sent by the client, or by the server. */
  readonly sender: "client" | "server";
  readonly sighting: Sighting;
}

/** A TCP connection that carried NFSv4.1, seen from outside. */
export class ObservedConnection {
  readonly id: number;
  /** Endpoint texts: `10.0.0.2:801`. */
  readonly client: string;
  readonly server: string;
  readonly clientAddress: string;
  readonly opened: Sighting;
  /** Both SYNs were captured: nothing was sent before what we saw. */
  readonly handshakeSeen: boolean;
  /** The server behind `server`; null until NFSv4.1 was seen on it. */
  serverInstance: ObservedServer | null = null;
  /** When the first FIN, an RST or its successor came: from then on its requests may be retried elsewhere. */
  closing: Sighting | null = null;
  closed: Sighting | null = null;
  /** How TCP ended it, and who began; `reuse`: another connection took its ports over. Null while it lives or when unknown. */
  ending: { readonly how: "fin" | "rst" | "reuse"; readonly by: "client" | "server" | null } | null = null;
  /** Compounds that the client sent on it. */
  calls = 0;
  /** The session of the latest SEQUENCE on it. */
  usedBy: ObservedSession | null = null;
  readonly gaps: Gap[] = [];
  gapBytes = 0;
  /** Of its streams, while it lives. */
  stream: { readonly hasUnseenBytes: boolean } | null = null;
  /** Of this connection and of the others between the same two parties. */
  gapsAround = new GapLog();
  /** Only this side's bytes were ever captured; null when both were. Known at the end of the capture. */
  oneWay: "client" | "server" | null = null;
  /** Bodies cannot be read: RPC-with-TLS or krb5p. */
  encrypted: "tls" | "krb5p" | null = null;
  /** Calls that the observer could not read because of krb5p. */
  opaqueCalls = 0;
  /** Last time the server answered anything on it. */
  lastReplyAt = Number.NEGATIVE_INFINITY;
  /** Last time the client answered a callback on it. */
  lastCallbackReplyAt = Number.NEGATIVE_INFINITY;
  /** When the latest request was sent that the server has answered on it. */
  lastAnsweredCallAt = Number.NEGATIVE_INFINITY;
  /** Shortest call to reply time seen, nanoseconds. */
  roundTripNanos = Number.POSITIVE_INFINITY;
  /** Calls waiting for a reply. */
  outstanding = 0;

  constructor(
    id: number,
    client: string,
    server: string,
    clientAddress: string,
    opened: Sighting,
    handshakeSeen: boolean,
  ) {
    this.id = id;
    this.client = client;
    this.server = server;
    this.clientAddress = clientAddress;
    this.opened = opened;
    this.handshakeSeen = handshakeSeen;
  }

  /** Last time the client said something on it that was no mere acknowledgement: a call that was answered, a reply. */
  get lastHeardAt(): number {
    return Math.max(this.lastAnsweredCallAt, this.lastCallbackReplyAt);
  }

  /** `client > server`, as findings name it. */
  get name(): string {
    return `${this.client} > ${this.server}`;
  }

  get isOpen(): boolean {
    return this.closed === null;
  }

  /** `to`: when it was found out; what waited behind the missing bytes is in doubt for so long. */
  addGap(sender: "client" | "server", bytes: number, from: number, sighting: Sighting, to = sighting.at): Gap {
    this.gapBytes += bytes;
    this.gapsAround.add(from, to);
    const last = this.gaps.at(-1);
    if (this.gaps.length < GAPS_KEPT || last === undefined) {
      const gap = { sender, bytes, from, to, sighting };
      this.gaps.push(gap);
      return gap;
    }
    last.to = to;
    last.bytes += bytes;
    return last;
  }

  /** Bytes are missing from the capture somewhere between the two times. */
  hasGapBetween(from: number, to: number): boolean {
    for (let i = this.gaps.length - 1; i >= 0; i--) {
      const gap = this.gaps[i]!;
      if (gap.to < from) return false;
      if (gap.from <= to) return true;
    }
    return false;
  }
}
