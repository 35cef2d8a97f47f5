import type { Packet } from "./packet.ts";
import type { TcpFlow } from "./tcp-flow.ts";

/** Connections known at a time, ended ones included (late segments must find them). */
export const CONNECTIONS_MAX = 32_768;

/** Connections whose 4-tuples fall on one bucket: a capture made to collide must not make the search long. */
export const CONNECTIONS_PER_BUCKET_MAX = 64;

const BUCKETS = 1 << 15;

/** Connections in use now, more or less, that are found without a search. */
const RECENT = 256;
const RECENT_SHIFT = 24;

/** A connection that was active again moves up only after so many segments of all: its place is that exact. */
const RELISTED_AFTER = 4096;

/** Finds connections by 4-tuple, in either direction, and tells which to forget first. */
export class ConnectionTable {
  /** Whether the packet of the last successful `find` flows from `ends[1]` to `ends[0]`. */
  isReversed = false;
  size = 0;
  private readonly buckets: (TcpFlow | null)[] = new Array(BUCKETS).fill(null);
  private readonly recent: (TcpFlow | null)[] = new Array(RECENT).fill(null);
  /** Counts up with each segment. */
  private clock = 0;
  private readonly live = new Recency();
  private readonly ended = new Recency();

  find(packet: Packet, ports: number): TcpFlow | null {
    const place = recentOf(packet, ports);
    const recent = this.recent[place];
    if (recent !== null && this.matches(recent, packet, ports)) return recent;
    let flow = this.buckets[bucketOf(packet, ports)];
    while (flow !== null && !this.matches(flow, packet, ports)) flow = flow.chained;
    if (flow !== null) this.recent[place] = flow;
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
    this.clock = (this.clock + 1) | 0;
    flow.activeAt = flow.listedAt = this.clock;
    this.live.append(flow);
    flow.recent = recentOf(packet, ports);
    this.recent[flow.recent] = flow;
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
    if (this.recent[flow.recent] === flow) this.recent[flow.recent] = null;
    this.size--;
  }

  /** The connection, which has not ended, is active now. */
  touch(flow: TcpFlow): void {
    this.clock = (this.clock + 1) | 0;
    flow.activeAt = this.clock;
    if (((flow.activeAt - flow.listedAt) | 0) < RELISTED_AFTER) return;
    flow.listedAt = flow.activeAt;
    this.live.remove(flow);
    this.live.append(flow);
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
  living(): TcpFlow[] {
    const all: TcpFlow[] = [];
    for (let flow = this.live.oldest; flow !== null; flow = flow.newer) all.push(flow);
    return all.sort((a, b) => (a.activeAt - b.activeAt) | 0);
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

/** Cheaper than a bucket, and the same for both directions. */
function recentOf(packet: Packet, ports: number): number {
  const addresses = packet.source0 ^ packet.destination0 ^ packet.source3 ^ packet.destination3;
  const sum = (addresses + Math.imul((ports >>> 16) + (ports & 0xffff), 0x9e3779b1)) | 0;
  return Math.imul(sum, 0x85ebca6b) >>> RECENT_SHIFT;
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

/** Connections in the order in which they were listed. */
class Recency {
  oldest: TcpFlow | null = null;
  private newest: TcpFlow | null = null;

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
