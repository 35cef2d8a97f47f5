import { u16, u32 } from "./word.ts";

export const END_OF_OPTIONS = 0;
/** In every block. */
export const OPT_COMMENT = 1;
/** The program that wrote a section. */
export const SHB_USERAPPL = 4;
/** How an interface counts time: as a negative power of ten. */
export const IF_TSRESOL = 9;
export const MICROSECONDS = 6;
export const NANOSECONDS = 9;

/** Calls `see` for each option of a block; `start` and `end` bound the option area. Stops where a length lies. */
export function eachOption(
  bytes: Uint8Array,
  start: number,
  end: number,
  isLittleEndian: boolean,
  see: (code: number, at: number, length: number) => void,
): void {
  let at = start;
  while (at + 4 <= end) {
    const code = u16(bytes, at, isLittleEndian);
    const length = u16(bytes, at + 2, isLittleEndian);
    at += 4;
    if (code === END_OF_OPTIONS || at + length > end) return;
    see(code, at, length);
    at += (length + 3) & ~3;
  }
}

/** An unsigned 64-bit count as a number; beyond 2^53 its last digits are lost. */
export function u64Count(bytes: Uint8Array, at: number, isLittleEndian: boolean): number {
  const [high, low] = isLittleEndian ? [at + 4, at] : [at, at + 4];
  return u32(bytes, high, isLittleEndian) * 0x1_0000_0000 + u32(bytes, low, isLittleEndian);
}

/** A signed 64-bit number of seconds. */
export function i64Seconds(bytes: Uint8Array, at: number, isLittleEndian: boolean): number {
  const [high, low] = isLittleEndian ? [at + 4, at] : [at, at + 4];
  return (u32(bytes, high, isLittleEndian) | 0) * 0x1_0000_0000 + u32(bytes, low, isLittleEndian);
}
