import type { ByteSource } from "../../src/sys/byte-source.ts";

export interface MemorySourceOptions {
  name?: string;
  /** Bytes given at most in one read; everything that fits if absent. */
  step?: number;
  /** Thrown after the last byte instead of the end. */
  error?: Error;
}

/** Bytes in memory as a ByteSource; `isClosed` tells whether it was closed. */
export function memorySource(bytes: Uint8Array, options: MemorySourceOptions = {}): ByteSource & { isClosed: boolean } {
  let position = 0;
  return {
    name: options.name ?? "test.pcap",
    size: bytes.length,
    isClosed: false,
    async read(into, at) {
      const count = Math.min(bytes.length - position, into.length - at, options.step ?? Number.POSITIVE_INFINITY);
      if (count === 0 && options.error !== undefined && position === bytes.length) throw options.error;
      into.set(bytes.subarray(position, position + count), at);
      position += count;
      return count;
    },
    async close() {
      this.isClosed = true;
    },
  };
}
