import { integer } from "./random.ts";
import type { KeptFrame } from "./read-capture.ts";

const IPV4_AT = 14;
const FIN_SYN_RST = 0x07;
const NANOS_APART = 1;

/**
 * Cuts the TCP payload of Ethernet/IPv4 frames into smaller segments at random places, as another sender might have
 * done. The last piece keeps its frame's time, so that messages are complete when they were.
 */
export function resegmented(frames: readonly KeptFrame[], next: () => number): KeptFrame[] {
  return frames.flatMap((frame) => pieces(frame, next)).map((frame, index) => ({ ...frame, number: index + 1 }));
}

function pieces(frame: KeptFrame, next: () => number): KeptFrame[] {
  const { bytes } = frame;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const isTcp = view.getUint16(12) === 0x0800 && bytes[IPV4_AT + 9] === 6 && frame.originalLength === bytes.length;
  if (!isTcp) return [frame];
  const tcpAt = IPV4_AT + (bytes[IPV4_AT]! & 15) * 4;
  const payloadAt = tcpAt + (bytes[tcpAt + 12]! >> 4) * 4;
  const end = IPV4_AT + view.getUint16(IPV4_AT + 2);
  if (end - payloadAt < 2 || (bytes[tcpAt + 13]! & FIN_SYN_RST) !== 0) return [frame];
  const cuts = [payloadAt, ...cutsBetween(payloadAt, end, next), end];
  return cuts.slice(1).map((to, index) => {
    const isLast = to === end;
    const piece = segment(frame, tcpAt, payloadAt, cuts[index] as number, to);
    return isLast ? piece : { ...piece, ...before(frame, (cuts.length - 1 - index) * NANOS_APART) };
  });
}

function cutsBetween(from: number, to: number, next: () => number): number[] {
  const cuts = Array.from({ length: integer(next, 1, 3) }, () => integer(next, from + 1, to - 1));
  return [...new Set(cuts)].sort((a, b) => a - b);
}

function before({ seconds, nanos }: KeptFrame, by: number) {
  return nanos >= by ? { seconds, nanos: nanos - by } : { seconds: seconds - 1, nanos: nanos + 1e9 - by };
}

/** The frame with `bytes[from, to)` as its payload. Checksums are left as they are: nobody looks at them. */
function segment(frame: KeptFrame, tcpAt: number, payloadAt: number, from: number, to: number): KeptFrame {
  const bytes = Uint8Array.from([...frame.bytes.subarray(0, payloadAt), ...frame.bytes.subarray(from, to)]);
  const view = new DataView(bytes.buffer);
  view.setUint16(IPV4_AT + 2, bytes.length - IPV4_AT);
  view.setUint16(IPV4_AT + 4, (view.getUint16(IPV4_AT + 4) + from - payloadAt) & 0xffff);
  view.setUint32(tcpAt + 4, (view.getUint32(tcpAt + 4) + from - payloadAt) >>> 0);
  return { ...frame, bytes, originalLength: bytes.length };
}
