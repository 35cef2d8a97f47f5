import type { ByteSource } from "../sys/byte-source.ts";
import { ReadError } from "../sys/read-error.ts";

/**
 * How much is read at once unless the caller says otherwise: little enough that what was read is still in the
 * processor's cache when it is looked at, and the rest of the model not driven out of it.
 */
export const CHUNK_BYTES = 65_536;

/**
 * The window of a capture that is in memory. Readers take bytes from `start` on and move it;
 * what they left is kept by the next `fill`, which copies only that rest to the front.
 */
export class Chunk {
  bytes: Uint8Array;
  /** Index of the next byte not yet consumed. */
  start = 0;
  /** Index after the last byte read. */
  end = 0;
  /** Offset in the (unpacked) capture of `bytes[0]`. */
  base = 0;
  /** The source has no more bytes. */
  isEnded = false;
  /** Why the source broke off before its end; null if it did not. */
  failure: ReadError | null = null;
  /** What such a break is called in a damage report. */
  readonly failureKind: "truncated" | "decompression";
  private readonly source: ByteSource;

  constructor(source: ByteSource, bytes: number = CHUNK_BYTES, failureKind: Chunk["failureKind"] = "truncated") {
    this.source = source;
    this.failureKind = failureKind;
    this.bytes = new Uint8Array(bytes);
  }

  /** Offset of the next unconsumed byte in the capture. */
  get offset(): number {
    return this.base + this.start;
  }

  /** Bytes in memory and not consumed. */
  get available(): number {
    return this.end - this.start;
  }

  /**
   * Reads once more, making room for `needed` unconsumed bytes (the caller bounds that).
   * False at the end, and where the source broke off.
   */
  async fill(needed: number): Promise<boolean> {
    if (this.isEnded) return false;
    try {
      this.makeRoom(needed);
      const count = await this.source.read(this.bytes, this.end);
      this.end += count;
      this.isEnded = count === 0;
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      this.failure = error;
      this.isEnded = true;
    }
    return !this.isEnded;
  }

  /**
   * Keeps the buffer at least twice as long as what is needed at once and moves the rest only when it
   * does not fit where it is: so each byte is copied a bounded number of times, however little a read gives.
   */
  private makeRoom(needed: number): void {
    const { bytes, start, end } = this;
    const kept = end - start;
    const wanted = Math.max(needed, kept + 1);
    if (start + wanted <= bytes.length && start < bytes.length >> 1) return;
    if (wanted * 2 > bytes.length) {
      this.bytes = new Uint8Array(wanted * 2);
      this.bytes.set(bytes.subarray(start, end));
    } else {
      bytes.copyWithin(0, start, end);
    }
    this.base += start;
    this.start = 0;
    this.end = kept;
  }
}
