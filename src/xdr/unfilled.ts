/** Below it memory comes out of a pool: to ask for each little piece by itself would cost more than its use. */
const POOLED_BYTES_MAX = 2048;

/**
 * Memory with whatever was in it: its taker fills all that anybody will read of it. To zero a buffer for bulk data takes
 * as long as to fill it.
 */
export function unfilled(bytes: number): Uint8Array {
  const memory = bytes <= POOLED_BYTES_MAX ? Buffer.allocUnsafe(bytes) : Buffer.allocUnsafeSlow(bytes);
  return new Uint8Array(memory.buffer, memory.byteOffset, bytes);
}
