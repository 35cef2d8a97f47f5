const NOTHING = new Uint8Array(0);

/** What a header turned out to be. */
export const WHOLE = 0;
export const FRAGMENT = 1;
export const MALFORMED = 2;
export const NOT_IP = 3;
export const UNKNOWN_LINK = 4;
export type Outcome = 0 | 1 | 2 | 3 | 4;

/**
 * The packet being looked at, one object for all: each layer moves `start` behind its own header
 * and draws `end` and `wireEnd` in.
 */
export class Packet {
  bytes: Uint8Array = NOTHING;
  /** First byte of the current layer. */
  start = 0;
  /** One past the last byte captured of it. */
  end = 0;
  /** Where it ended on the wire; above `end` when the snap length cut it. */
  wireEnd = 0;
  /** Capture time, microseconds since the epoch. */
  micros = Number.NaN;
  family: 4 | 6 = 4;
  /** Addresses as 32-bit words; IPv4 uses the first only, the others are 0. */
  source0 = 0;
  source1 = 0;
  source2 = 0;
  source3 = 0;
  destination0 = 0;
  destination1 = 0;
  destination2 = 0;
  destination3 = 0;
  /** IP protocol number of the payload. */
  protocol = 0;
  /** IP identification; 0 where IPv6 has none. */
  identification = 0;
  /** Byte offset of this fragment in its datagram. */
  fragmentOffset = 0;
  moreFragments = false;
}

/** Four bytes, big-endian, as a signed 32-bit number: those stay unboxed. */
export function word(bytes: Uint8Array, at: number): number {
  return (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}
