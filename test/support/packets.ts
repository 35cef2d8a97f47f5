import type { WrittenPacket } from "./capture-writer.ts";

/** `count` packets of different lengths and contents, a millisecond apart. */
export function somePackets(count: number, startSeconds = 1_700_000_000): WrittenPacket[] {
  return Array.from({ length: count }, (_, index) => ({
    seconds: startSeconds + Math.floor(index / 1000),
    nanos: (index % 1000) * 1_000_000 + 1000,
    bytes: Uint8Array.from({ length: 1 + ((index * 7) % 61) }, (_, at) => (index + at * 3) & 0xff),
  }));
}
