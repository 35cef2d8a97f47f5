import type { CapturedFrame } from "./captured-frame.ts";
import { MALFORMED, NOT_IP, type Outcome, type Packet, UNKNOWN_LINK, WHOLE } from "./packet.ts";

/** Tags of 802.1Q and its stacked forms that are followed before a frame counts as malformed. */
export const VLAN_TAGS_MAX = 8;

const LINK_NULL = 0;
const LINK_ETHERNET = 1;
/** Three numbers for "starts with the IP header": the file's own, and what BSDs wrote. */
const LINK_RAW = 101;
const LINK_RAW_BSD = 12;
const LINK_RAW_OPENBSD = 14;
const LINK_LOOP = 108;
const LINK_SLL = 113;
const LINK_IPV4 = 228;
const LINK_IPV6 = 229;
const LINK_SLL2 = 276;

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_VLAN = 0x8100;
const ETHERTYPE_QINQ = 0x88a8;
const ETHERTYPE_QINQ_OLD = 0x9100;
/** Up to here the field is a length and an LLC header follows (IEEE 802.3). */
const ETHERNET_LENGTH_MAX = 1500;

const SLL_LENGTH = 16;
const SLL2_LENGTH = 20;

/** Finds the IP packet in a frame: sets the bounds and the family of `packet`. */
export function openFrame(frame: CapturedFrame, packet: Packet): Outcome {
  const start = frame.offset;
  const wireEnd = start + Math.max(frame.originalLength, frame.length) - frame.fcsLength;
  packet.bytes = frame.bytes;
  packet.wireEnd = wireEnd;
  packet.end = Math.min(start + frame.length, wireEnd, frame.bytes.length);
  const bytes = packet.bytes;
  switch (frame.linkType) {
    case LINK_ETHERNET:
      if (packet.end - start < 14) return MALFORMED;
      return byEtherType(packet, (bytes[start + 12] << 8) | bytes[start + 13], start + 14);
    case LINK_SLL:
      if (packet.end - start < SLL_LENGTH) return MALFORMED;
      return byEtherType(packet, (bytes[start + 14] << 8) | bytes[start + 15], start + SLL_LENGTH);
    case LINK_SLL2:
      if (packet.end - start < SLL2_LENGTH) return MALFORMED;
      return byEtherType(packet, (bytes[start] << 8) | bytes[start + 1], start + SLL2_LENGTH);
    case LINK_NULL:
    case LINK_LOOP:
      return byAddressFamily(packet, start);
    case LINK_RAW:
    case LINK_RAW_BSD:
    case LINK_RAW_OPENBSD:
    case LINK_IPV4:
    case LINK_IPV6:
      return byVersion(packet, start);
    default:
      return UNKNOWN_LINK;
  }
}

function byEtherType(packet: Packet, firstType: number, firstStart: number): Outcome {
  const bytes = packet.bytes;
  let type = firstType;
  let start = firstStart;
  let tags = 0;
  for (;;) {
    if (type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6) {
      packet.start = start;
      packet.family = type === ETHERTYPE_IPV4 ? 4 : 6;
      return WHOLE;
    }
    if (type === ETHERTYPE_VLAN || type === ETHERTYPE_QINQ || type === ETHERTYPE_QINQ_OLD) {
      if (packet.end - start < 4 || ++tags > VLAN_TAGS_MAX) return MALFORMED;
      type = (bytes[start + 2] << 8) | bytes[start + 3];
      start += 4;
    } else if (type <= ETHERNET_LENGTH_MAX && isSnap(bytes, start, packet.end)) {
      type = (bytes[start + 6] << 8) | bytes[start + 7];
      if (type <= ETHERNET_LENGTH_MAX) return NOT_IP;
      start += 8;
    } else {
      return NOT_IP;
    }
  }
}

/** LLC with SNAP and organization 0: an EtherType follows (RFC 1042). */
function isSnap(bytes: Uint8Array, at: number, end: number): boolean {
  if (end - at < 8 || bytes[at] !== 0xaa || bytes[at + 1] !== 0xaa || bytes[at + 2] !== 0x03) return false;
  return bytes[at + 3] === 0 && bytes[at + 4] === 0 && bytes[at + 5] === 0;
}

/** The family is a host's own AF_ number in the host's own byte order: both orders are taken. */
function byAddressFamily(packet: Packet, start: number): Outcome {
  const bytes = packet.bytes;
  if (packet.end - start < 4) return MALFORMED;
  const big = (bytes[start] << 24) | (bytes[start + 1] << 16) | (bytes[start + 2] << 8) | bytes[start + 3];
  const little = (bytes[start + 3] << 24) | (bytes[start + 2] << 16) | (bytes[start + 1] << 8) | bytes[start];
  const family = addressFamily(big) || addressFamily(little);
  if (family === 0) return NOT_IP;
  packet.start = start + 4;
  packet.family = family;
  return WHOLE;
}

/** AF_INET is 2 everywhere; AF_INET6 is 10 on Linux, 24 on NetBSD and OpenBSD, 28 on FreeBSD, 30 on macOS. */
function addressFamily(value: number): 4 | 6 | 0 {
  if (value === 2) return 4;
  return value === 10 || value === 24 || value === 28 || value === 30 ? 6 : 0;
}

function byVersion(packet: Packet, start: number): Outcome {
  if (packet.end <= start) return MALFORMED;
  const version = packet.bytes[start] >> 4;
  if (version !== 4 && version !== 6) return NOT_IP;
  packet.start = start;
  packet.family = version;
  return WHOLE;
}
