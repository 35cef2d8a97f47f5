/** The smallest buffer, which V8 makes in no time, and the largest that is kept for use again. */
const BUFFER_BYTES_MIN = 64;
const BUFFER_BYTES_MAX = 65_536;

/** Buffers kept of one size. */
const SPARE_PER_SIZE_MAX = 32;

/** Buffers for bytes that wait: V8 takes longer to make one than they usually wait in it. */
export class PieceBuffers {
  /** By size: each holds twice as much as the one before. */
  private readonly spare: Uint8Array[][] = [];

  /** A buffer for at least so many bytes. Whatever was in it is still there. */
  take(bytes: number): Uint8Array {
    if (bytes > BUFFER_BYTES_MAX) return new Uint8Array(bytes);
    const size = sizeOf(bytes);
    return this.spare[size]?.pop() ?? new Uint8Array(BUFFER_BYTES_MIN << size);
  }

  /** Takes back what `take` gave. */
  give(buffer: Uint8Array): void {
    if (buffer.length > BUFFER_BYTES_MAX) return;
    const size = sizeOf(buffer.length);
    this.spare[size] ??= [];
    if (this.spare[size].length < SPARE_PER_SIZE_MAX) this.spare[size].push(buffer);
  }
}

function sizeOf(bytes: number): number {
  return bytes <= BUFFER_BYTES_MIN ? 0 : 32 - Math.clz32((bytes - 1) / BUFFER_BYTES_MIN);
}
