import { type Packet, word } from "./packet.ts";

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const ACK = 0x10;

const HEADER_MIN = 20;

/**
 * The TCP segment being looked at, one object for all. Sequence numbers are kept as signed 32-bit numbers:
 * they stay unboxed, and `(a - b) | 0` is the distance modulo 2^32 (RFC 9293 §3.4).
 */
export class Segment {
  bytes: Uint8Array = new Uint8Array(0);
  /** Captured payload. */
  start = 0;
  end = 0;
  /** Payload length on the wire. */
  length = 0;
  sequence = 0;
  acknowledgement = 0;
  flags = 0;
  window = 0;
  checksum = 0;
  /** Source port in the upper half, destination port in the lower. */
  ports = 0;
  micros = Number.NaN;
}

/** Reads a TCP header (RFC 9293 §3.1); false if it is cut or contradicts itself. Options are not looked at. */
export function readSegment(segment: Segment, packet: Packet): boolean {
  const bytes = packet.bytes;
  const at = packet.start;
  if (packet.end - at < HEADER_MIN) return false;
  const headerLength = (bytes[at + 12] >> 4) << 2;
  const start = at + headerLength;
  if (headerLength < HEADER_MIN || start > packet.wireEnd) return false;
  segment.bytes = bytes;
  segment.start = start;
  segment.end = Math.max(packet.end, start);
  segment.length = packet.wireEnd - start;
  segment.ports = word(bytes, at);
  segment.sequence = word(bytes, at + 4);
  segment.acknowledgement = word(bytes, at + 8);
  segment.flags = bytes[at + 13];
  segment.window = (bytes[at + 14] << 8) | bytes[at + 15];
  segment.checksum = (bytes[at + 16] << 8) | bytes[at + 17];
  segment.micros = packet.micros;
  return true;
}
