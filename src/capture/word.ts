/** Integers of captures, whose byte order is that of the machine that wrote them. */

export function u16(b: Uint8Array, at: number, isLittleEndian: boolean): number {
  return isLittleEndian ? b[at] | (b[at + 1] << 8) : (b[at] << 8) | b[at + 1];
}

export function u32(b: Uint8Array, at: number, isLittleEndian: boolean): number {
  return isLittleEndian
    ? (b[at] | (b[at + 1] << 8) | (b[at + 2] << 16) | (b[at + 3] << 24)) >>> 0
    : ((b[at] << 24) | (b[at + 1] << 16) | (b[at + 2] << 8) | b[at + 3]) >>> 0;
}
