import type { Packet } from "./packet.ts";

/** Packets remembered for finding second recordings; a fixed table, the newest displaces the oldest. */
const PACKETS_REMEMBERED = 1 << 14;
const LATEST = PACKETS_REMEMBERED - 1;

/** Two recordings of a packet by one machine lie this close. */
const DUPLICATE_MICROS_MAX = 5_000;

/**
 * With an IP identification of its own a packet can be told from its retransmission, which gets another:
 * captures of two machines may be merged, one network delay apart.
 */
const IDENTIFIED_MICROS_MAX = 100_000;

/**
 * Recognises a packet that was recorded twice (`any`, several interfaces, a SPAN port for both directions) by what
 * routers and switches leave alone: ports, sequence numbers, length, checksum and IP identification.
 */
export class Duplicates {
  /** The latest packets in the order in which they came: noting one costs little, and most are never asked for. */
  private readonly prints = new Int32Array(PACKETS_REMEMBERED);
  private readonly checks = new Int32Array(PACKETS_REMEMBERED);
  private readonly micros = new Float64Array(PACKETS_REMEMBERED).fill(Number.NEGATIVE_INFINITY);
  /** Packets noted, and how many of them `places` tells of. */
  private noted = 0;
  private entered = 0;
  /** Where among the latest packets one with such a print may be: small, for the processor's cache has to hold it. */
  private readonly places = new Uint16Array(PACKETS_REMEMBERED);

  /** Notes a packet that cannot be a duplicate. */
  remember(print: number, check: number, packet: Packet): void {
    const at = this.noted++ & LATEST;
    this.prints[at] = print;
    this.checks[at] = check;
    this.micros[at] = packet.micros;
  }

  /** True if the packet was recorded a moment ago already; else notes it. */
  repeats(print: number, check: number, packet: Packet): boolean {
    this.enterNoted();
    const way = print & LATEST;
    const isKnown = this.isAt(this.places[way], print, check, packet);
    if (isKnown || this.isAt(this.places[way ^ 1], print, check, packet)) return true;
    this.remember(print, check, packet);
    return false;
  }

  /** Enters what was noted since the last question: each in the older of the two places it may have. */
  private enterNoted(): void {
    const { noted, prints, places } = this;
    for (let next = Math.max(this.entered, noted - PACKETS_REMEMBERED); next < noted; next++) {
      const at = next & LATEST;
      const way = prints[at] & LATEST;
      const age = (at - places[way]) & LATEST;
      const otherAge = (at - places[way ^ 1]) & LATEST;
      places[otherAge > age ? way ^ 1 : way] = at;
    }
    this.entered = noted;
  }

  private isAt(at: number, print: number, check: number, packet: Packet): boolean {
    if (this.prints[at] !== print || this.checks[at] !== check) return false;
    const limit = packet.identification === 0 ? DUPLICATE_MICROS_MAX : IDENTIFIED_MICROS_MAX;
    return Math.abs(packet.micros - this.micros[at]) <= limit;
  }
}

/** Mixes what identifies a packet into 32 bits. */
export function fingerprint(first: number, second: number, third: number, fourth: number): number {
  const left = Math.imul(first, 0x2c1b3c6d) + Math.imul(second, 0x297a2d39);
  const right = Math.imul(third, 0x1b56c4e9) + Math.imul(fourth, 0x85ebca6b);
  const mixed = (left + right) | 0;
  return mixed ^ (mixed >>> 15);
}
