import { integer } from "./random.ts";
import type { KeptFrame } from "./read-capture.ts";

const LINK_TYPE_RAW = 101;
const ETHERNET_LENGTH = 14;
const IPV6_LENGTH = 40;
const TCP = 6;
const FIN_SYN_RST = 0x07;
const NANOS_APART = 1;

/** Where things are in a frame with a TCP segment that may be cut. */
interface Segment {
  readonly ipAt: number;
  readonly tcpAt: number;
  readonly payloadAt: number;
  readonly end: number;
}

/**
 * Cuts the TCP payload of raw or Ethernet frames into smaller segments at random places, as another sender might have
 * done. The last piece keeps its frame's time, so that messages are complete when they were. `isShuffled`: the network
 * delivered the pieces of a frame in any order.
 */
export function resegmented(frames: readonly KeptFrame[], next: () => number, isShuffled = false): KeptFrame[] {
  const cut = frames.flatMap((frame) => pieces(frame, next, isShuffled));
  return cut.map((frame, index) => ({ ...frame, number: index + 1 }));
}

function pieces(frame: KeptFrame, next: () => number, isShuffled: boolean): KeptFrame[] {
  const segment = segmentOf(frame);
  if (segment === null) return [frame];
  const { payloadAt, end } = segment;
  const cuts = [payloadAt, ...cutsBetween(payloadAt, end, next), end];
  const parts = cuts.slice(1).map((to, index) => partOf(frame, segment, cuts[index]!, to));
  if (isShuffled) shuffle(parts, next);
  return parts.map((part, index) => ({ ...part, ...before(frame, (parts.length - 1 - index) * NANOS_APART) }));
}

/** Null where there is nothing to cut. */
function segmentOf({ bytes, linkType, originalLength }: KeptFrame): Segment | null {
  const ipAt = linkType === LINK_TYPE_RAW ? 0 : ETHERNET_LENGTH;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  if (originalLength !== bytes.length || (ipAt > 0 && ![0x0800, 0x86dd].includes(view.getUint16(12)))) return null;
  const isV6 = bytes[ipAt]! >> 4 === 6;
  if (bytes[ipAt + (isV6 ? 6 : 9)] !== TCP) return null;
  const tcpAt = ipAt + (isV6 ? IPV6_LENGTH : (bytes[ipAt]! & 15) * 4);
  const payloadAt = tcpAt + (bytes[tcpAt + 12]! >> 4) * 4;
  const end = ipAt + (isV6 ? IPV6_LENGTH + view.getUint16(ipAt + 4) : view.getUint16(ipAt + 2));
  if (end - payloadAt < 2 || (bytes[tcpAt + 13]! & FIN_SYN_RST) !== 0) return null;
  return { ipAt, tcpAt, payloadAt, end };
}

function cutsBetween(from: number, to: number, next: () => number): number[] {
  const cuts = Array.from({ length: integer(next, 1, 3) }, () => integer(next, from + 1, to - 1));
  return [...new Set(cuts)].sort((a, b) => a - b);
}

function shuffle<T>(list: T[], next: () => number): void {
  for (let last = list.length - 1; last > 0; last--) {
    const other = integer(next, 0, last);
    [list[last], list[other]] = [list[other]!, list[last]!];
  }
}

function before({ seconds, nanos }: KeptFrame, by: number) {
  return nanos >= by ? { seconds, nanos: nanos - by } : { seconds: seconds - 1, nanos: nanos + 1e9 - by };
}

/** The frame with `bytes[from, to)` as its payload. Checksums are left as they are: nobody looks at them. */
function partOf(frame: KeptFrame, { ipAt, tcpAt, payloadAt }: Segment, from: number, to: number): KeptFrame {
  const bytes = new Uint8Array(payloadAt + to - from);
  bytes.set(frame.bytes.subarray(0, payloadAt));
  bytes.set(frame.bytes.subarray(from, to), payloadAt);
  const view = new DataView(bytes.buffer);
  if (bytes[ipAt]! >> 4 === 6) view.setUint16(ipAt + 4, bytes.length - ipAt - IPV6_LENGTH);
  else {
    view.setUint16(ipAt + 2, bytes.length - ipAt);
    view.setUint16(ipAt + 4, (view.getUint16(ipAt + 4) + from - payloadAt) & 0xffff);
  }
  view.setUint32(tcpAt + 4, (view.getUint32(tcpAt + 4) + from - payloadAt) >>> 0);
  return { ...frame, bytes, originalLength: bytes.length };
}
