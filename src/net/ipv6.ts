import { FRAGMENT, MALFORMED, type Outcome, type Packet, WHOLE, word } from "./packet.ts";

/** Extension headers that are followed before a packet counts as malformed. */
export const EXTENSION_HEADERS_MAX = 16;

const HEADER_LENGTH = 40;
const HOP_BY_HOP = 0;
const ROUTING = 43;
const FRAGMENT_HEADER = 44;
const AUTHENTICATION = 51;
const DESTINATION_OPTIONS = 60;
const MOBILITY = 135;
const HOST_IDENTITY = 139;
const SHIM6 = 140;
const OPTION_PAD1 = 0;
const OPTION_JUMBO = 0xc2;

/** Reads an IPv6 header and its extension headers (RFC 8200 §3, §4) and leaves `packet` at its payload. */
export function openIpv6(packet: Packet): Outcome {
  const bytes = packet.bytes;
  const at = packet.start;
  if (packet.end - at < HEADER_LENGTH || bytes[at] >> 4 !== 6) return MALFORMED;
  const payloadLength = (bytes[at + 4] << 8) | bytes[at + 5];
  packet.source0 = word(bytes, at + 8);
  packet.source1 = word(bytes, at + 12);
  packet.source2 = word(bytes, at + 16);
  packet.source3 = word(bytes, at + 20);
  packet.destination0 = word(bytes, at + 24);
  packet.destination1 = word(bytes, at + 28);
  packet.destination2 = word(bytes, at + 32);
  packet.destination3 = word(bytes, at + 36);
  packet.identification = 0;
  packet.protocol = bytes[at + 6];
  packet.start = at + HEADER_LENGTH;
  // 0: a jumbogram (RFC 2675 §3) says its length in a hop-by-hop option; an offloaded giant may not say it at all.
  const length = payloadLength !== 0 ? payloadLength : jumboLength(packet);
  if (length > 0) {
    packet.wireEnd = packet.start + length;
    if (packet.end > packet.wireEnd) packet.end = packet.wireEnd;
  } else if (packet.wireEnd < packet.start) {
    return MALFORMED;
  }
  return openExtensions(packet);
}

/** Walks the extension headers from `packet.protocol` on; also for the rest of them in a reassembled datagram. */
export function openExtensions(packet: Packet): Outcome {
  const bytes = packet.bytes;
  for (let headers = 0; headers <= EXTENSION_HEADERS_MAX; headers++) {
    const at = packet.start;
    let length: number;
    switch (packet.protocol) {
      case HOP_BY_HOP:
      case ROUTING:
      case DESTINATION_OPTIONS:
      case MOBILITY:
      case HOST_IDENTITY:
      case SHIM6:
        if (packet.end - at < 8) return MALFORMED;
        length = (bytes[at + 1] + 1) << 3;
        break;
      case AUTHENTICATION:
        if (packet.end - at < 8) return MALFORMED;
        length = (bytes[at + 1] + 2) << 2;
        break;
      case FRAGMENT_HEADER: {
        if (packet.end - at < 8) return MALFORMED;
        const field = (bytes[at + 2] << 8) | bytes[at + 3];
        packet.fragmentOffset = field & 0xfff8;
        packet.moreFragments = (field & 1) !== 0;
        packet.identification = word(bytes, at + 4);
        packet.protocol = bytes[at];
        packet.start = at + 8;
        // A fragment that is the whole datagram is processed as such (RFC 6946 §4).
        if (packet.moreFragments || packet.fragmentOffset !== 0) return FRAGMENT;
        continue;
      }
      default:
        return packet.start <= packet.wireEnd ? WHOLE : MALFORMED;
    }
    packet.protocol = bytes[at];
    packet.start = at + length;
    if (packet.start > packet.end) return MALFORMED;
  }
  return MALFORMED;
}

/** The length in a jumbo payload option, 0 if there is none. */
function jumboLength(packet: Packet): number {
  if (packet.protocol !== HOP_BY_HOP || packet.end - packet.start < 8) return 0;
  const bytes = packet.bytes;
  const end = Math.min(packet.end, packet.start + ((bytes[packet.start + 1] + 1) << 3));
  let at = packet.start + 2;
  while (at + 1 < end) {
    if (bytes[at] === OPTION_PAD1) at += 1;
    else if (bytes[at] === OPTION_JUMBO && bytes[at + 1] === 4 && at + 6 <= end) return word(bytes, at + 2) >>> 0;
    else at += 2 + bytes[at + 1];
  }
  return 0;
}
