import type { Packet } from "./packet.ts";
import type { TcpFlow } from "./tcp-flow.ts";

/** Connections known at a time, ended ones included (late segments must find them). */
export const CONNECTIONS_MAX = 32_768;

/** Connections whose 4-tuples fall on one bucket: a capture made to collide must not make the search long. */
export const CONNECTIONS_PER_BUCKET_MAX = 64;

const BUCKETS = 1 << 15;

/** Finds connections by 4-tuple, in either direction, and tells which to forget first. */
export class ConnectionTable {
  /** Whether the packet of the last successful `find` flows from `ends[1]` to `ends[0]`. */
  isReversed = false;
  size = 0;
  private readonly buckets: (TcpFlow | null)[] = new Array(BUCKETS).fill(null);
  private last: TcpFlow | null = null;
  private readonly live = new Recency();
  private readonly ended = new Recency();

  find(packet: Packet, ports: number): TcpFlow | null {
    if (this.last !== null && this.matches(this.last, packet, ports)) return this.last;
    let flow = this.buckets[bucketOf(packet, ports)];
    while (flow !== null && !this.matches(flow, packet, ports)) flow = flow.chained;
    if (flow !== null) this.last = flow;
    return flow;
  }

  /** Enters a connection whose first end sent the packet. Make room first (`surplus`). */
  add(flow: TcpFlow, packet: Packet, ports: number): void {
    flow.family = packet.family;
    flow.a0 = packet.source0;
    flow.a1 = packet.source1;
    flow.a2 = packet.source2;
    flow.a3 = packet.source3;
    flow.b0 = packet.destination0;
    flow.b1 = packet.destination1;
    flow.b2 = packet.destination2;
    flow.b3 = packet.destination3;
    flow.ports = ports;
    flow.bucket = bucketOf(packet, ports);
    flow.chained = this.buckets[flow.bucket];
    this.buckets[flow.bucket] = flow;
    this.live.append(flow);
    this.last = flow;
    this.isReversed = false;
    this.size++;
  }

  remove(flow: TcpFlow): void {
    const first = this.buckets[flow.bucket];
    if (first === flow) {
      this.buckets[flow.bucket] = flow.chained;
    } else {
      let before = first;
      while (before !== null && before.chained !== flow) before = before.chained;
      if (before === null) return;
      before.chained = flow.chained;
    }
    flow.chained = null;
    if (flow.isListedAsEnded) this.ended.remove(flow);
    else this.live.remove(flow);
    if (this.last === flow) this.last = null;
    this.size--;
  }

  /** The connection is active now. */
  touch(flow: TcpFlow): void {
    if (!flow.isListedAsEnded) this.live.touch(flow);
  }

  /** The connection has ended: it goes first when room is needed. */
  retire(flow: TcpFlow): void {
    if (flow.isListedAsEnded) return;
    this.live.remove(flow);
    this.ended.append(flow);
    flow.isListedAsEnded = true;
  }

  /** What has to go before a connection for this packet can be entered: ended ones first, then the longest idle. */
  surplus(packet: Packet, ports: number): TcpFlow | null {
    let inBucket = 0;
    let oldest: TcpFlow | null = null;
    for (let flow = this.buckets[bucketOf(packet, ports)]; flow !== null; flow = flow.chained) {
      inBucket++;
      oldest = flow;
    }
    if (inBucket >= CONNECTIONS_PER_BUCKET_MAX) return oldest;
    return this.size < CONNECTIONS_MAX ? null : (this.ended.oldest ?? this.live.oldest);
  }

  /** The connections that have not ended, longest idle first. */
  *living(): Generator<TcpFlow> {
    for (let flow = this.live.oldest; flow !== null; flow = flow.newer) yield flow;
  }

  private matches(flow: TcpFlow, packet: Packet, ports: number): boolean {
    if (flow.family !== packet.family) return false;
    if (flow.ports === ports && flow.a0 === packet.source0 && flow.b0 === packet.destination0) {
      if (packet.family === 4 || hasAddresses(flow, packet)) {
        this.isReversed = false;
        return true;
      }
    }
    if (
      flow.ports === ((ports << 16) | (ports >>> 16)) &&
      flow.b0 === packet.source0 &&
      flow.a0 === packet.destination0
    ) {
      if (packet.family === 4 || hasAddressesReversed(flow, packet)) {
        this.isReversed = true;
        return true;
      }
    }
    return false;
  }
}

function hasAddresses(flow: TcpFlow, packet: Packet): boolean {
  if (flow.a1 !== packet.source1 || flow.a2 !== packet.source2 || flow.a3 !== packet.source3) return false;
  return flow.b1 === packet.destination1 && flow.b2 === packet.destination2 && flow.b3 === packet.destination3;
}

function hasAddressesReversed(flow: TcpFlow, packet: Packet): boolean {
  if (flow.b1 !== packet.source1 || flow.b2 !== packet.source2 || flow.b3 !== packet.source3) return false;
  return flow.a1 === packet.destination1 && flow.a2 === packet.destination2 && flow.a3 === packet.destination3;
}

/** The same for both directions: each end is mixed for itself, and the two are added. */
function bucketOf(packet: Packet, ports: number): number {
  const from = mixEnd(packet.source0, packet.source1, packet.source2, packet.source3, ports >>> 16);
  const to = mixEnd(packet.destination0, packet.destination1, packet.destination2, packet.destination3, ports & 0xffff);
  const sum = Math.imul((from + to) | 0, 0x85ebca6b);
  return (sum ^ (sum >>> 15)) & (BUCKETS - 1);
}

function mixEnd(word0: number, word1: number, word2: number, word3: number, port: number): number {
  const tail = Math.imul(word1 ^ Math.imul(word2 ^ Math.imul(word3, 0x2c1b3c6d), 0x2c1b3c6d), 0x2c1b3c6d);
  const mixed = Math.imul(word0 ^ tail ^ Math.imul(port, 0x9e3779b1), 0x297a2d39);
  return Math.imul(mixed ^ (mixed >>> 15), 0x1b56c4e9);
}

/** Connections in the order of their last activity. */
class Recency {
  oldest: TcpFlow | null = null;
  private newest: TcpFlow | null = null;

  touch(flow: TcpFlow): void {
    if (flow === this.newest) return;
    this.remove(flow);
    this.append(flow);
  }

  append(flow: TcpFlow): void {
    flow.older = this.newest;
    flow.newer = null;
    if (this.newest === null) this.oldest = flow;
    else this.newest.newer = flow;
    this.newest = flow;
  }

  remove(flow: TcpFlow): void {
    if (flow.older === null) this.oldest = flow.newer;
    else flow.older.newer = flow.newer;
    if (flow.newer === null) this.newest = flow.older;
    else flow.newer.older = flow.older;
    flow.older = null;
    flow.newer = null;
  }
}
