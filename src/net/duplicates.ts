import type { Packet } from "./packet.ts";

/** Packets remembered for finding second recordings; a fixed table, newer ones displace older ones. */
const PACKETS_REMEMBERED = 1 << 14;

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
  private readonly prints = new Int32Array(PACKETS_REMEMBERED);
  private readonly checks = new Int32Array(PACKETS_REMEMBERED);
  private readonly micros = new Float64Array(PACKETS_REMEMBERED).fill(Number.NEGATIVE_INFINITY);

  /** Notes a packet that cannot be a duplicate: in the older of the two places it may have. */
  remember(print: number, check: number, packet: Packet): void {
    let at = print & (PACKETS_REMEMBERED - 1);
    if (this.micros[at ^ 1] < this.micros[at]) at ^= 1;
    this.prints[at] = print;
    this.checks[at] = check;
    this.micros[at] = packet.micros;
  }

  /** True if the packet was recorded a moment ago already; else notes it. */
  repeats(print: number, check: number, packet: Packet): boolean {
    const at = print & (PACKETS_REMEMBERED - 1);
    if (this.isAt(at, print, check, packet) || this.isAt(at ^ 1, print, check, packet)) return true;
    this.remember(print, check, packet);
    return false;
  }

  private isAt(at: number, print: number, check: number, packet: Packet): boolean {
    if (this.prints[at] !== print || this.checks[at] !== check) return false;
    const limit = packet.identification === 0 ? DUPLICATE_MICROS_MAX : IDENTIFIED_MICROS_MAX;
    return Math.abs(packet.micros - this.micros[at]) <= limit;
  }
}

/** Mixes what identifies a packet into 32 bits. */
export function fingerprint(first: number, second: number, third: number, fourth: number): number {
  let mixed = Math.imul(first ^ (first >>> 15), 0x2c1b3c6d) ^ second;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x297a2d39) ^ third;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x1b56c4e9) ^ fourth;
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
  return mixed ^ (mixed >>> 14);
}
