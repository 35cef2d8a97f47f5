import { FRAGMENT, MALFORMED, type Outcome, type Packet, WHOLE, word } from "./packet.ts";

const HEADER_MIN = 20;
const MORE_FRAGMENTS = 0x2000;
const OFFSET_MASK = 0x1fff;

/** Reads an IPv4 header (RFC 791 §3.1) and leaves `packet` at its payload. */
export function openIpv4(packet: Packet): Outcome {
  const bytes = packet.bytes;
  const at = packet.start;
  if (packet.end - at < HEADER_MIN || bytes[at] >> 4 !== 4) return MALFORMED;
  const headerLength = (bytes[at] & 15) << 2;
  if (headerLength < HEADER_MIN) return MALFORMED;
  const totalLength = (bytes[at + 2] << 8) | bytes[at + 3];
  // 0: segmentation offload handed a giant packet to the capture before its length was filled in
  // (BIG TCP has no room for it either). The frame's own length is all there is.
  if (totalLength !== 0) {
    if (totalLength < headerLength) return MALFORMED;
    packet.wireEnd = at + totalLength;
    if (packet.end > packet.wireEnd) packet.end = packet.wireEnd;
  }
  packet.source0 = word(bytes, at + 12);
  packet.destination0 = word(bytes, at + 16);
  packet.source1 = packet.source2 = packet.source3 = 0;
  packet.destination1 = packet.destination2 = packet.destination3 = 0;
  packet.protocol = bytes[at + 9];
  packet.identification = (bytes[at + 4] << 8) | bytes[at + 5];
  packet.start = at + headerLength;
  if (packet.start > packet.wireEnd) return MALFORMED;
  if (packet.end < packet.start) packet.end = packet.start;
  const fragment = (bytes[at + 6] << 8) | bytes[at + 7];
  packet.fragmentOffset = (fragment & OFFSET_MASK) << 3;
  packet.moreFragments = (fragment & MORE_FRAGMENTS) !== 0;
  return packet.moreFragments || packet.fragmentOffset !== 0 ? FRAGMENT : WHOLE;
}
