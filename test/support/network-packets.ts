/** Writes packets for tests, byte by byte from the RFCs and with no code of src/. */

export const LINK = { null: 0, ethernet: 1, raw: 101, loop: 108, sll: 113, ipv4: 228, ipv6: 229, sll2: 276 } as const;

export type Payload = Uint8Array | string;

export interface TcpSpec {
  /** `10.0.0.1:2049` or `[fd09::1]:2049`. */
  from: string;
  to: string;
  seq: number;
  ack?: number;
  /** Letters of S F R P A U; `A` if absent. */
  flags?: string;
  payload?: Payload;
  window?: number;
  /** Bytes of TCP options, padded to a multiple of 4. */
  options?: Uint8Array;
  ip?: IpSpec;
}

export interface IpSpec {
  /** IPv4 identification. */
  id?: number;
  ttl?: number;
  /** IPv4 options, a multiple of 4. */
  options?: Uint8Array;
  /** IPv6 extension headers before the payload, in order, each `[number, bytes without its next-header field]`. */
  extensions?: readonly (readonly [number, Uint8Array])[];
  /** Writes this into the length field instead of the length. */
  statedLength?: number;
}

/** A TCP segment in its IP packet; the checksums are right. */
export function tcpSegment(spec: TcpSpec): Uint8Array {
  const from = endpoint(spec.from);
  const to = endpoint(spec.to);
  const options = padded(spec.options ?? new Uint8Array(0), 4);
  const segment = new Uint8Array(20 + options.length);
  const view = new DataView(segment.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint32(4, spec.seq >>> 0);
  view.setUint32(8, (spec.ack ?? 0) >>> 0);
  segment[12] = (segment.length / 4) << 4;
  segment[13] = flagBits(spec.flags ?? "A");
  view.setUint16(14, spec.window ?? 501);
  segment.set(options, 20);
  return transport(6, 16, from.address, to.address, concat(segment, toBytes(spec.payload)), spec.ip);
}

export interface UdpSpec {
  from: string;
  to: string;
  payload?: Payload;
  ip?: IpSpec;
}

/** A UDP datagram in its IP packet. */
export function udpDatagram(spec: UdpSpec): Uint8Array {
  const from = endpoint(spec.from);
  const to = endpoint(spec.to);
  const payload = toBytes(spec.payload);
  const header = new Uint8Array(8);
  const view = new DataView(header.buffer);
  view.setUint16(0, from.port);
  view.setUint16(2, to.port);
  view.setUint16(4, (8 + payload.length) & 0xffff);
  return transport(17, 6, from.address, to.address, concat(header, payload), spec.ip);
}

/** An IP packet around a payload; the family follows from the addresses. */
export function ipPacket(protocol: number, from: string, to: string, payload: Uint8Array, ip: IpSpec = {}): Uint8Array {
  const source = addressBytes(from);
  return source.length === 4
    ? ipv4Packet(protocol, source, addressBytes(to), payload, ip)
    : ipv6Packet(protocol, source, addressBytes(to), payload, ip);
}

/** Cuts an IPv4 packet into fragments with at most `size` payload bytes, a multiple of 8. */
export function ipv4Fragments(packet: Uint8Array, size: number): Uint8Array[] {
  const headerLength = (packet[0]! & 15) * 4;
  const payload = packet.subarray(headerLength);
  const fragments: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const part = payload.subarray(offset, offset + size);
    const isLast = offset + size >= payload.length;
    fragments.push(ipv4Fragment(packet.subarray(0, headerLength), offset, isLast, part));
  }
  return fragments;
}

/** One fragment, with the header of the whole. */
export function ipv4Fragment(header: Uint8Array, offset: number, isLast: boolean, part: Uint8Array): Uint8Array {
  const fragment = concat(header, part);
  const view = new DataView(fragment.buffer);
  view.setUint16(2, fragment.length);
  view.setUint16(6, (isLast ? 0 : 0x2000) | (offset >> 3));
  view.setUint16(10, 0);
  view.setUint16(10, checksum(fragment.subarray(0, header.length)));
  return fragment;
}

/** Cuts an IPv6 packet without extension headers into fragments. */
export function ipv6Fragments(packet: Uint8Array, size: number, identification: number): Uint8Array[] {
  const payload = packet.subarray(40);
  const fragments: Uint8Array[] = [];
  for (let offset = 0; offset < payload.length; offset += size) {
    const part = payload.subarray(offset, offset + size);
    const header = new Uint8Array(8);
    const view = new DataView(header.buffer);
    header[0] = packet[6]!;
    view.setUint16(2, offset | (offset + size < payload.length ? 1 : 0));
    view.setUint32(4, identification);
    const fragment = concat(packet.subarray(0, 40), header, part);
    fragment[6] = 44;
    new DataView(fragment.buffer).setUint16(4, fragment.length - 40);
    fragments.push(fragment);
  }
  return fragments;
}

export interface EthernetSpec {
  /** VLAN tags from the outside in, as `[ether type, VLAN id]`. */
  tags?: readonly (readonly [number, number])[];
  /** Bytes behind the packet: padding, a frame check sequence. */
  trailer?: Uint8Array;
  /** An 802.3 length with LLC and SNAP instead of an EtherType. */
  snap?: boolean;
  macs?: number;
}

/** An Ethernet frame around an IP packet. */
export function ethernet(packet: Uint8Array, spec: EthernetSpec = {}): Uint8Array {
  const header: number[] = new Array(12).fill(spec.macs ?? 2);
  for (const [type, id] of spec.tags ?? []) header.push(type >> 8, type & 255, id >> 8, id & 255);
  const type = etherType(packet);
  if (spec.snap) {
    const length = packet.length + 8;
    header.push(length >> 8, length & 255, 0xaa, 0xaa, 3, 0, 0, 0);
  }
  header.push(type >> 8, type & 255);
  return concat(Uint8Array.from(header), packet, spec.trailer ?? new Uint8Array(0));
}

/** A Linux "cooked" frame, version 1 or 2, as from `any`. */
export function cooked(packet: Uint8Array, version: 1 | 2, packetType = 0): Uint8Array {
  const type = etherType(packet);
  if (version === 1) {
    const header = [0, packetType, 0, 1, 0, 6, 2, 2, 2, 2, 2, 2, 0, 0, type >> 8, type & 255];
    return concat(Uint8Array.from(header), packet);
  }
  const header = [type >> 8, type & 255, 0, 0, 0, 0, 0, 3, 0, 1, packetType, 6, 2, 2, 2, 2, 2, 2, 0, 0];
  return concat(Uint8Array.from(header), packet);
}

/** A BSD loopback frame: the address family in four bytes. */
export function loopback(packet: Uint8Array, family: number, order: "big" | "little"): Uint8Array {
  const header = new Uint8Array(4);
  new DataView(header.buffer).setUint32(0, family, order === "little");
  return concat(header, packet);
}

export interface TestFrame {
  number: number;
  capture: number;
  seconds: number;
  nanos: number;
  interfaceId: number;
  linkType: number;
  fcsLength: number;
  bytes: Uint8Array;
  offset: number;
  length: number;
  originalLength: number;
}

export interface FrameSpec {
  /** Microseconds since the start of the test's time. */
  micros?: number;
  linkType?: number;
  fcsLength?: number;
  /** Cuts the frame as a snap length does. */
  snaplen?: number;
  number?: number;
}

/** A captured frame; lies at an offset in a larger buffer, as in a reader's chunk. Raw IP if no link type is given. */
export function frameOf(packet: Uint8Array, spec: FrameSpec = {}): TestFrame {
  const length = Math.min(packet.length, spec.snaplen ?? packet.length);
  const margin = 5;
  const bytes = new Uint8Array(length + 2 * margin).fill(0xee);
  bytes.set(packet.subarray(0, length), margin);
  const micros = spec.micros ?? 0;
  return {
    number: spec.number ?? 1,
    capture: 0,
    seconds: 1_700_000_000 + Math.floor(micros / 1e6),
    nanos: (micros % 1e6) * 1000,
    interfaceId: 0,
    linkType: spec.linkType ?? LINK.raw,
    fcsLength: spec.fcsLength ?? 0,
    bytes,
    offset: margin,
    length,
    originalLength: packet.length,
  };
}

export function toBytes(payload: Payload | undefined): Uint8Array {
  if (payload === undefined) return new Uint8Array(0);
  return typeof payload === "string" ? new TextEncoder().encode(payload) : payload;
}

export function concat(...parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}

/** The bytes of an IPv4 or IPv6 address. */
export function addressBytes(text: string): Uint8Array {
  if (!text.includes(":")) return Uint8Array.from(text.split("."), Number);
  const [head = "", tail] = text.split("::");
  const groups = (part: string): number[] =>
    part === "" ? [] : part.split(":").map((group) => Number.parseInt(group, 16));
  const front = groups(head);
  const back = tail === undefined ? [] : groups(tail);
  const all = [...front, ...new Array(8 - front.length - back.length).fill(0), ...back];
  return Uint8Array.from(all.flatMap((group) => [group >> 8, group & 255]));
}

function endpoint(text: string): { address: string; port: number } {
  const at = text.lastIndexOf(":");
  return { address: text.slice(0, at).replace(/[[\]]/g, ""), port: Number(text.slice(at + 1)) };
}

function etherType(packet: Uint8Array): number {
  return packet[0]! >> 4 === 6 ? 0x86dd : 0x0800;
}

function flagBits(letters: string): number {
  const bits: Record<string, number> = { F: 1, S: 2, R: 4, P: 8, A: 16, U: 32 };
  return [...letters].reduce((sum, letter) => sum | bits[letter]!, 0);
}

/** Fills in the checksum over the pseudo header (RFC 9293 §3.1, RFC 8200 §8.1) and wraps the payload. */
function transport(
  protocol: number,
  checksumAt: number,
  from: string,
  to: string,
  payload: Uint8Array,
  ip: IpSpec | undefined,
): Uint8Array {
  const pseudo = new Uint8Array(8);
  new DataView(pseudo.buffer).setUint32(0, payload.length);
  pseudo[7] = protocol;
  const sum = checksum(concat(addressBytes(from), addressBytes(to), pseudo, payload));
  new DataView(payload.buffer).setUint16(checksumAt, sum);
  return ipPacket(protocol, from, to, payload, ip);
}

function ipv4Packet(protocol: number, from: Uint8Array, to: Uint8Array, payload: Uint8Array, ip: IpSpec): Uint8Array {
  const options = ip.options ?? new Uint8Array(0);
  const header = new Uint8Array(20 + options.length);
  const view = new DataView(header.buffer);
  header[0] = 0x40 | (header.length / 4);
  view.setUint16(2, ip.statedLength ?? header.length + payload.length);
  view.setUint16(4, ip.id ?? 0);
  header[8] = ip.ttl ?? 64;
  header[9] = protocol;
  header.set(from, 12);
  header.set(to, 16);
  header.set(options, 20);
  view.setUint16(10, checksum(header));
  return concat(header, payload);
}

function ipv6Packet(protocol: number, from: Uint8Array, to: Uint8Array, payload: Uint8Array, ip: IpSpec): Uint8Array {
  const numbers = [...(ip.extensions ?? []).map(([number]) => number), protocol];
  const extensions = (ip.extensions ?? []).map(([, bytes], index) => concat(Uint8Array.of(numbers[index + 1]!), bytes));
  const body = concat(...extensions, payload);
  const header = new Uint8Array(40);
  header[0] = 0x60;
  new DataView(header.buffer).setUint16(4, ip.statedLength ?? body.length);
  header[6] = numbers[0]!;
  header[7] = ip.ttl ?? 64;
  header.set(from, 8);
  header.set(to, 24);
  return concat(header, body);
}

function padded(bytes: Uint8Array, unit: number): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / unit) * unit);
  whole.set(bytes);
  return whole;
}

/** The Internet checksum (RFC 1071). */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes[at]! << 8) | (bytes[at + 1] ?? 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
