import assert from "node:assert/strict";
import type { RawEndpoint } from "./parse-endpoint.ts";

const TCP = 6;
const TCP_HEADER_BYTES = 20;
const IPV4_HEADER_BYTES = 20;
const IPV6_HEADER_BYTES = 40;
const PACKET_BYTES_MAX = 0xffff;
const DO_NOT_FRAGMENT = 0x4000;
const HOPS = 64;

export const FIN = 0x01;
export const SYN = 0x02;
export const RST = 0x04;
export const PSH = 0x08;
export const ACK = 0x10;

/** One segment and the packet around it. */
export interface TcpPacket {
  readonly from: RawEndpoint;
  readonly to: RawEndpoint;
  readonly seq: number;
  readonly ack: number;
  readonly flags: number;
  readonly window: number;
  /** A multiple of 4 bytes. */
  readonly options?: Uint8Array;
  readonly payload?: Uint8Array;
  /** IPv4 only. */
  readonly identification: number;
}

const NOTHING = new Uint8Array(0);

/** The bytes of an IPv4 or IPv6 packet with a TCP segment in it; all checksums are right. RFC 791, 8200 and 9293 */
export function tcpPacket(packet: TcpPacket): Uint8Array {
  const { from, to, options = NOTHING, payload = NOTHING } = packet;
  assert(from.address.length === to.address.length, "both ends have the same family");
  const isIpv4 = from.address.length === 4;
  const start = isIpv4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
  const bytes = new Uint8Array(start + TCP_HEADER_BYTES + options.length + payload.length);
  assert(bytes.length <= PACKET_BYTES_MAX, `a packet of ${bytes.length} bytes`);
  const view = new DataView(bytes.buffer);
  if (isIpv4) putIpv4Header(view, packet);
  else putIpv6Header(view, packet);
  putTcpHeader(view, start, packet, TCP_HEADER_BYTES + options.length);
  bytes.set(options, start + TCP_HEADER_BYTES);
  bytes.set(payload, start + TCP_HEADER_BYTES + options.length);
  const pseudoHeader = sumOf(from.address) + sumOf(to.address) + TCP + (bytes.length - start);
  view.setUint16(start + 16, checksum(pseudoHeader + sumOf(bytes, start)));
  return bytes;
}

function putIpv4Header(view: DataView, { from, to, identification }: TcpPacket): void {
  const bytes = new Uint8Array(view.buffer);
  view.setUint8(0, 0x40 | (IPV4_HEADER_BYTES / 4));
  view.setUint16(2, bytes.length);
  view.setUint16(4, identification & 0xffff);
  view.setUint16(6, DO_NOT_FRAGMENT);
  view.setUint8(8, HOPS);
  view.setUint8(9, TCP);
  bytes.set(from.address, 12);
  bytes.set(to.address, 16);
  view.setUint16(10, checksum(sumOf(bytes.subarray(0, IPV4_HEADER_BYTES))));
}

function putIpv6Header(view: DataView, { from, to }: TcpPacket): void {
  const bytes = new Uint8Array(view.buffer);
  view.setUint8(0, 0x60);
  view.setUint16(4, bytes.length - IPV6_HEADER_BYTES);
  view.setUint8(6, TCP);
  view.setUint8(7, HOPS);
  bytes.set(from.address, 8);
  bytes.set(to.address, 24);
}

function putTcpHeader(view: DataView, at: number, packet: TcpPacket, headerLength: number): void {
  view.setUint16(at, packet.from.port);
  view.setUint16(at + 2, packet.to.port);
  view.setUint32(at + 4, packet.seq);
  view.setUint32(at + 8, packet.ack);
  view.setUint8(at + 12, (headerLength / 4) << 4);
  view.setUint8(at + 13, packet.flags);
  view.setUint16(at + 14, packet.window);
}

/** RFC 1071. At most 64 KiB are summed up, so 32 bits hold it. */
function sumOf(bytes: Uint8Array, start = 0): number {
  const evenEnd = start + ((bytes.length - start) & ~1);
  let sum = 0;
  for (let at = start; at < evenEnd; at += 2) sum += (bytes[at] << 8) | bytes[at + 1];
  return evenEnd < bytes.length ? sum + (bytes[evenEnd] << 8) : sum;
}

function checksum(sum: number): number {
  const once = (sum & 0xffff) + (sum >>> 16);
  return ~((once & 0xffff) + (once >>> 16)) & 0xffff;
}
