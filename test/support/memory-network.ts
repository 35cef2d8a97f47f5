import type { ByteChannel, ChannelOwner } from "../../src/sys/byte-channel.ts";
import { SocketError } from "../../src/sys/sockets.ts";
import type { Timers } from "../../src/sys/timers.ts";

/** How a link behaves. */
export interface LinkConditions {
  /** One way; drawn anew for each segment, which still arrive in order. */
  latencyMillis?: () => number;
  /** Bytes delivered at once, drawn anew for each segment. */
  segmentBytes?: () => number;
  /** Asked at each segment: true breaks the connection, and everything on its way is lost. */
  breaks?: () => boolean;
  /** Bytes on their way or not yet taken by a paused peer; more wait with the sender. */
  windowBytes?: number;
  clientAddress?: string;
  serverAddress?: string;
}

/** Both ends of a connection, and what can befall it. */
export interface MemoryLink {
  readonly client: ByteChannel;
  readonly server: ByteChannel;
  /** Breaks the connection: both ends are told, everything on its way is lost. */
  cut(why?: string): void;
  /** A cable is pulled: nothing passes any more and nobody is told. */
  freeze(): void;
}

/** Two ends of a connection whose bytes travel through memory, in the time of `timers`. */
export function memoryChannels(timers: Timers, conditions: LinkConditions = {}): MemoryLink {
  return new Link(timers, conditions);
}

class Link implements MemoryLink {
  readonly timers: Timers;
  readonly conditions: LinkConditions;
  readonly client: MemoryChannel;
  readonly server: MemoryChannel;
  isFrozen = false;

  constructor(timers: Timers, conditions: LinkConditions) {
    this.timers = timers;
    this.conditions = conditions;
    const { clientAddress = "127.0.0.1:900", serverAddress = "127.0.0.1:2049" } = conditions;
    this.client = new MemoryChannel(this, clientAddress, serverAddress);
    this.server = new MemoryChannel(this, serverAddress, clientAddress);
    this.client.peer = this.server;
    this.server.peer = this.client;
  }

  cut(why = "the connection broke"): void {
    for (const end of [this.client, this.server]) end.close(why);
  }

  freeze(): void {
    this.isFrozen = true;
  }
}

/** Bytes, or the end of them. */
type Segment = Uint8Array | "FIN";

class MemoryChannel implements ByteChannel {
  readonly localAddress: string;
  readonly remoteAddress: string;
  peer!: MemoryChannel;
  readonly #link: Link;
  #owner: ChannelOwner | null = null;
  /** Written, beyond the window. */
  readonly #unsent: Segment[] = [];
  #unsentBytes = 0;
  /** Sent, not yet taken by the peer's owner. */
  #inWindow = 0;
  /** Arrived while the owner does not take any. */
  readonly #arrived: Segment[] = [];
  #lastArrivalNanos = 0;
  #isPaused = false;
  #hasEnded = false;
  #peerHasEnded = false;
  #ending: { readonly why: string | null } | null = null;
  #isTold = false;

  constructor(link: Link, localAddress: string, remoteAddress: string) {
    this.#link = link;
    this.localAddress = localAddress;
    this.remoteAddress = remoteAddress;
  }

  get queuedBytes(): number {
    return this.#unsentBytes;
  }

  open(owner: ChannelOwner): void {
    this.#owner = owner;
    this.#link.timers.after(0, () => {
      this.#deliver();
      this.#tell();
    });
  }

  write(bytes: Uint8Array): void {
    if (this.#hasEnded || this.#ending !== null || bytes.length === 0) return;
    const { segmentBytes } = this.#link.conditions;
    for (let at = 0; at < bytes.length; ) {
      const count = segmentBytes === undefined ? bytes.length : Math.max(1, segmentBytes());
      const segment = bytes.slice(at, at + count);
      this.#unsent.push(segment);
      this.#unsentBytes += segment.length;
      at += count;
    }
    this.#send();
  }

  pause(): void {
    this.#isPaused = true;
  }

  resume(): void {
    this.#isPaused = false;
    this.#link.timers.after(0, () => this.#deliver());
  }

  end(): void {
    if (this.#hasEnded || this.#ending !== null) return;
    this.#hasEnded = true;
    this.#unsent.push("FIN");
    this.#send();
  }

  reset(): void {
    if (this.#ending !== null) return;
    const { peer } = this;
    this.close(null);
    this.#travel(() => peer.close("read ECONNRESET"));
  }

  /** Ends this side at once; its owner is told when it has one. */
  close(why: string | null): void {
    if (this.#ending !== null) return;
    this.#ending = { why };
    this.#unsent.length = 0;
    this.#unsentBytes = 0;
    this.#arrived.length = 0;
    this.#link.timers.after(0, () => this.#tell());
  }

  #tell(): void {
    if (this.#owner === null || this.#ending === null || this.#isTold) return;
    this.#isTold = true;
    this.#owner.closed(this.#ending.why);
  }

  #send(): void {
    const { windowBytes = Number.POSITIVE_INFINITY, breaks } = this.#link.conditions;
    const hadQueue = this.#unsentBytes > 0;
    while (this.#unsent.length > 0 && this.#inWindow < windowBytes) {
      const segment = this.#unsent.shift()!;
      if (segment !== "FIN") {
        this.#unsentBytes -= segment.length;
        this.#inWindow += segment.length;
        if (breaks?.() === true) {
          this.#link.cut();
          return;
        }
      }
      this.#travel(() => this.peer.#arrive(segment));
    }
    if (hadQueue && this.#unsentBytes === 0) this.#link.timers.after(0, () => this.#owner?.drained?.());
    this.#finishIfBothEnded();
  }

  /** Runs `arrive` at the other end, behind all that was sent before. */
  #travel(arrive: () => void): void {
    const { timers, conditions } = this.#link;
    const now = timers.nowNanos();
    const arrival = Math.max(this.#lastArrivalNanos, now + (conditions.latencyMillis?.() ?? 0) * 1e6);
    this.#lastArrivalNanos = arrival;
    timers.after((arrival - now) / 1e6, () => {
      if (!this.#link.isFrozen) arrive();
    });
  }

  #arrive(segment: Segment): void {
    if (this.#ending !== null) return;
    this.#arrived.push(segment);
    this.#deliver();
  }

  #deliver(): void {
    while (!this.#isPaused && this.#owner !== null && this.#ending === null && this.#arrived.length > 0) {
      const segment = this.#arrived.shift()!;
      if (segment === "FIN") {
        this.#peerHasEnded = true;
        this.end();
        this.#finishIfBothEnded();
        return;
      }
      this.peer.#taken(segment.length);
      this.#owner.received(segment);
    }
  }

  #taken(bytes: number): void {
    this.#inWindow -= bytes;
    if (this.#unsent.length > 0) this.#link.timers.after(0, () => this.#send());
  }

  #finishIfBothEnded(): void {
    if (this.#peerHasEnded && this.#hasEnded && this.#unsent.length === 0) this.close(null);
  }
}

/** A server that clients reach through memory. */
export class MemoryNetwork {
  readonly links: MemoryLink[] = [];
  /** Connections are refused. */
  isDown = false;
  readonly #timers: Timers;
  readonly #accept: (channel: ByteChannel) => void;
  readonly #conditions: LinkConditions;
  #nextPort = 700;

  constructor(timers: Timers, accept: (channel: ByteChannel) => void, conditions: LinkConditions = {}) {
    this.#timers = timers;
    this.#accept = accept;
    this.#conditions = conditions;
  }

  /** What a requester wants for `connect`. */
  readonly connect = (): Promise<ByteChannel> =>
    new Promise((resolve, reject) => {
      this.#timers.after(this.#conditions.latencyMillis?.() ?? 0, () => {
        if (this.isDown) {
          reject(new SocketError("cannot connect to the server: connect ECONNREFUSED", "ECONNREFUSED"));
          return;
        }
        const clientAddress = `127.0.0.1:${this.#nextPort++}`;
        const link = memoryChannels(this.#timers, { clientAddress, ...this.#conditions });
        this.links.push(link);
        this.#accept(link.server);
        resolve(link.client);
      });
    });
}
