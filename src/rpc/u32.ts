/** Big-endian 32 bits at `at`. No bounds check: every caller has made one for the whole header. */
export function u32(bytes: Uint8Array, at: number): number {
  return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
}

/** A length rounded up to XDR's unit of four bytes. RFC 4506 §3. */
export function padded(length: number): number {
  return (length + 3) & ~3;
}
