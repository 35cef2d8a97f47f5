import type { Chunk } from "./chunk.ts";
import { CAPLEN_MAX } from "./limits.ts";
import type { ScanResult } from "./search.ts";
import { u32 } from "./word.ts";

export const SECTION_HEADER = 0x0a0d0d0a;
export const INTERFACE_DESCRIPTION = 1;
/** Obsolete, still found in old files. */
export const PACKET = 2;
export const SIMPLE_PACKET = 3;
export const NAME_RESOLUTION = 4;
export const INTERFACE_STATISTICS = 5;
export const ENHANCED_PACKET = 6;
export const DECRYPTION_SECRETS = 10;

/** Type, total length, and the total length again at the end. */
export const BLOCK_BYTES_MIN = 12;
export const BYTE_ORDER_MAGIC = 0x1a2b3c4d;
/** After damage only blocks up to this long are looked for: a packet of the greatest length with its options. */
const RESYNC_BLOCK_BYTES_MAX = CAPLEN_MAX * 2;

/** Byte order of the section whose header starts at `at`; null when that is no section header. */
export function sectionIsLittleEndian(bytes: Uint8Array, at: number): boolean | null {
  if (u32(bytes, at, true) !== SECTION_HEADER) return null;
  if (u32(bytes, at + 8, true) === BYTE_ORDER_MAGIC) return true;
  return u32(bytes, at + 8, false) === BYTE_ORDER_MAGIC ? false : null;
}

/** Looks for the next block of a damaged pcapng: a known type, with the same length in front and at its end. */
export class BlockResync {
  needed = BLOCK_BYTES_MIN;

  scan(chunk: Chunk, isLittleEndian: boolean): ScanResult {
    const { bytes, end } = chunk;
    const last = end - BLOCK_BYTES_MIN;
    for (let at = chunk.start; at <= last; at++) {
      const order = blockOrder(bytes, at, isLittleEndian);
      if (order === null) continue;
      const length = u32(bytes, at + 4, order);
      if (length < BLOCK_BYTES_MIN || length > RESYNC_BLOCK_BYTES_MAX || (length & 3) !== 0) continue;
      if (at + length <= end) {
        if (u32(bytes, at + length - 4, order) !== length) continue;
        chunk.start = at;
        return "found";
      }
      if (chunk.isEnded) continue;
      chunk.start = at;
      this.needed = length;
      return "more";
    }
    chunk.start = chunk.isEnded ? end : Math.max(chunk.start, last + 1);
    this.needed = BLOCK_BYTES_MIN;
    return chunk.isEnded ? "none" : "more";
  }
}

/** The byte order of a block of a known type at `at`, null when the bytes there are none. */
function blockOrder(bytes: Uint8Array, at: number, isLittleEndian: boolean): boolean | null {
  const type = u32(bytes, at, isLittleEndian);
  if (type === SECTION_HEADER) return sectionIsLittleEndian(bytes, at);
  const isKnown = (type >= INTERFACE_DESCRIPTION && type <= ENHANCED_PACKET) || type === DECRYPTION_SECRETS;
  return isKnown ? isLittleEndian : null;
}
