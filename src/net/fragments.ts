import type { NetworkCounters } from "./counters.ts";
import type { Packet } from "./packet.ts";

/** Datagrams that may be incomplete at a time. */
export const FRAGMENTED_DATAGRAMS_MAX = 1024;

/** Captured bytes of incomplete datagrams. */
export const FRAGMENT_BYTES_MAX = 16 * 1024 * 1024;

/** Fragments of one datagram: 64 KiB in the smallest packets that IPv4 must carry is 128. */
export const FRAGMENTS_PER_DATAGRAM_MAX = 256;

/** A datagram that is not whole by then is given up, as Linux does. RFC 791 §3.2 suggests 15 s, RFC 8200 §4.5 60 s. */
export const FRAGMENT_TIMEOUT_MICROS = 30_000_000;

/** A fragment of a datagram that was completed so recently is its second recording. */
const DUPLICATE_MICROS_MAX = 100_000;

const DATAGRAM_LENGTH_MAX = 65_535;
const FRAGMENT_OVERHEAD = 160;

interface Piece {
  offset: number;
  /** Length on the wire; `bytes` is shorter if the snap length cut it. */
  length: number;
  bytes: Uint8Array;
}

/** The fragments of one datagram, by what identifies it. */
class Datagram {
  family = 0;
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  identification = 0;
  /** IPv4: part of the identity. IPv6: from the first fragment (RFC 8200 §4.5). */
  protocol = 0;
  micros = Number.NaN;
  /** Sorted, without overlap. */
  pieces: Piece[] = [];
  received = 0;
  /** Wire length of the whole, -1 while the last fragment is missing. */
  total = -1;
  heldBytes = 0;
  isComplete = false;
}

/** Puts IP fragments together again: bounded, by frame time, and without trusting overlaps. */
export class Fragments {
  private readonly counters: NetworkCounters;
  /** In the order of their first fragment. */
  private readonly datagrams = new Map<number, Datagram>();
  private heldBytes = 0;
  /** Datagrams given up because of a limit. */
  evicted = 0;

  constructor(counters: NetworkCounters) {
    this.counters = counters;
  }

  /** Takes a fragment; true if `packet` now is the whole datagram, in bytes of its own. */
  add(packet: Packet): boolean {
    const length = packet.wireEnd - packet.start;
    const end = packet.fragmentOffset + length;
    // All but the last are multiples of 8 (RFC 791 §3.2, RFC 8200 §4.5).
    if (length <= 0 || end > DATAGRAM_LENGTH_MAX || (packet.moreFragments && (length & 7) !== 0)) {
      this.counters.fragmentsDropped++;
      return false;
    }
    this.expire(packet.micros);
    const key = keyOf(packet);
    const datagram = this.find(key, packet);
    if (datagram.isComplete) {
      this.counters.duplicateFrames++;
      return false;
    }
    if (!this.insert(datagram, packet, length)) return false;
    if (!this.isWhole(datagram, packet, end)) {
      this.makeRoom();
      return false;
    }
    this.assemble(datagram, packet);
    return true;
  }

  /** The capture is over: what is incomplete counts as dropped. */
  finish(): void {
    for (const [key, datagram] of this.datagrams) this.drop(key, datagram);
  }

  private find(key: number, packet: Packet): Datagram {
    const known = this.datagrams.get(key);
    if (known !== undefined) {
      const isOld = known.isComplete && !(packet.micros - known.micros <= DUPLICATE_MICROS_MAX);
      if (isSame(known, packet) && !isOld) return known;
      this.drop(key, known);
    }
    const datagram = new Datagram();
    datagram.family = packet.family;
    datagram.source0 = packet.source0;
    datagram.source1 = packet.source1;
    datagram.source2 = packet.source2;
    datagram.source3 = packet.source3;
    datagram.destination0 = packet.destination0;
    datagram.destination1 = packet.destination1;
    datagram.destination2 = packet.destination2;
    datagram.destination3 = packet.destination3;
    datagram.identification = packet.identification;
    datagram.protocol = packet.protocol;
    datagram.micros = packet.micros;
    this.datagrams.set(key, datagram);
    return datagram;
  }

  /** Keeps a copy in its place; false if the fragment, or with it the datagram, is to be forgotten. */
  private insert(datagram: Datagram, packet: Packet, length: number): boolean {
    const pieces = datagram.pieces;
    const offset = packet.fragmentOffset;
    let at = pieces.length;
    while (at > 0 && pieces[at - 1].offset > offset) at--;
    const before = at > 0 ? pieces[at - 1] : undefined;
    const after = pieces[at];
    if (before !== undefined && before.offset === offset && before.length === length) {
      this.counters.duplicateFrames++;
      return false;
    }
    const overlaps =
      (before !== undefined && before.offset + before.length > offset) ||
      (after !== undefined && offset + length > after.offset);
    // No honest sender overlaps fragments: the whole datagram goes (RFC 5722 §4, and hosts do so for IPv4 too).
    if (overlaps || pieces.length >= FRAGMENTS_PER_DATAGRAM_MAX) {
      this.counters.fragmentsDropped++;
      this.drop(keyOf(packet), datagram);
      return false;
    }
    const bytes = packet.bytes.slice(packet.start, Math.max(packet.start, packet.end));
    pieces.splice(at, 0, { offset, length, bytes });
    datagram.received += length;
    datagram.heldBytes += bytes.length + FRAGMENT_OVERHEAD;
    this.heldBytes += bytes.length + FRAGMENT_OVERHEAD;
    if (offset === 0) datagram.protocol = packet.protocol;
    return true;
  }

  private isWhole(datagram: Datagram, packet: Packet, end: number): boolean {
    if (!packet.moreFragments && datagram.total < 0) datagram.total = end;
    if (datagram.received !== datagram.total || datagram.pieces[0].offset !== 0) return false;
    const last = datagram.pieces[datagram.pieces.length - 1];
    return last.offset + last.length === datagram.total;
  }

  private assemble(datagram: Datagram, packet: Packet): void {
    const bytes = new Uint8Array(datagram.total);
    let captured = 0;
    for (const piece of datagram.pieces) {
      // What lies behind a cut is of no use: its place is known, but not what comes before.
      if (piece.offset !== captured) break;
      bytes.set(piece.bytes, piece.offset);
      captured += piece.bytes.length;
    }
    packet.bytes = bytes;
    packet.start = 0;
    packet.end = captured;
    packet.wireEnd = datagram.total;
    packet.protocol = datagram.protocol;
    packet.fragmentOffset = 0;
    packet.moreFragments = false;
    this.counters.reassembledDatagrams++;
    this.heldBytes -= datagram.heldBytes;
    datagram.heldBytes = 0;
    datagram.pieces = [];
    datagram.isComplete = true;
    datagram.micros = packet.micros;
  }

  private expire(micros: number): void {
    for (const [key, datagram] of this.datagrams) {
      if (!(micros - datagram.micros > FRAGMENT_TIMEOUT_MICROS)) return;
      this.drop(key, datagram);
    }
  }

  private makeRoom(): void {
    while (this.datagrams.size > FRAGMENTED_DATAGRAMS_MAX || this.heldBytes > FRAGMENT_BYTES_MAX) {
      const oldest = this.datagrams.entries().next().value;
      if (oldest === undefined) return;
      if (!oldest[1].isComplete) this.evicted++;
      this.drop(oldest[0], oldest[1]);
    }
  }

  private drop(key: number, datagram: Datagram): void {
    this.counters.fragmentsDropped += datagram.pieces.length;
    this.heldBytes -= datagram.heldBytes;
    datagram.heldBytes = 0;
    datagram.pieces = [];
    this.datagrams.delete(key);
  }
}

/** Two datagrams with one key displace each other: rare, and never mixed up. */
function keyOf(packet: Packet): number {
  let key = packet.identification;
  key = Math.imul(key ^ (key >>> 15), 0x2c1b3c6d) ^ packet.source0 ^ Math.imul(packet.destination0, 31);
  key = Math.imul(key ^ (key >>> 15), 0x297a2d39) ^ packet.source1 ^ Math.imul(packet.destination1, 31);
  key = Math.imul(key ^ (key >>> 15), 0x1b56c4e9) ^ packet.source2 ^ Math.imul(packet.destination2, 31);
  key = Math.imul(key ^ (key >>> 15), 0x2c1b3c6d) ^ packet.source3 ^ Math.imul(packet.destination3, 31);
  return packet.family === 4 ? key ^ packet.protocol : key;
}

function isSame(datagram: Datagram, packet: Packet): boolean {
  if (datagram.identification !== packet.identification || datagram.family !== packet.family) return false;
  if (packet.family === 4 && datagram.protocol !== packet.protocol) return false;
  return (
    datagram.source0 === packet.source0 &&
    datagram.source1 === packet.source1 &&
    datagram.source2 === packet.source2 &&
    datagram.source3 === packet.source3 &&
    datagram.destination0 === packet.destination0 &&
    datagram.destination1 === packet.destination1 &&
    datagram.destination2 === packet.destination2 &&
    datagram.destination3 === packet.destination3
  );
}
