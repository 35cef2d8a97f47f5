import type { ByteSource } from "../sys/byte-source.ts";
import { ReadError } from "../sys/read-error.ts";

/** How much is read at once unless the caller says otherwise. */
export const CHUNK_BYTES = 1_048_576;

const NOTHING = new Uint8Array(0);

/**
 * The first read is small: a short capture needs no more, and on a long one what happens at the end of a chunk
 * has then been seen before the code that reads packets is compiled.
 */
const FIRST_BYTES = 65_536;

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
  private readonly usualBytes: number;
  /** Set while a read of what follows is under way, into `spare` behind room for the rest of this chunk. */
  private ahead: Promise<number> | null = null;
  private spare: Uint8Array = NOTHING;
  private readonly roomBytes: number;

  /** `readsAhead` costs two more buffers. */
  constructor(
    source: ByteSource,
    bytes: number = CHUNK_BYTES,
    failureKind: Chunk["failureKind"] = "truncated",
    readsAhead = false,
  ) {
    this.source = source;
    this.failureKind = failureKind;
    this.usualBytes = bytes;
    this.roomBytes = readsAhead ? bytes >> 2 : -1;
    this.bytes = new Uint8Array(Math.min(bytes, FIRST_BYTES));
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
      const count = this.ahead === null ? await this.read(needed) : await this.takeAhead(this.ahead);
      this.end += count;
      this.isEnded = count === 0;
      if (this.roomBytes >= needed && count > this.roomBytes) this.readAhead();
    } catch (error) {
      if (!(error instanceof ReadError)) throw error;
      this.failure = error;
      this.isEnded = true;
    }
    return !this.isEnded;
  }

  private read(needed: number): Promise<number> {
    this.makeRoom(needed);
    return this.source.read(this.bytes, this.end);
  }

  /** Begins the next read: it goes on while this chunk is being looked at. */
  private readAhead(): void {
    const { usualBytes, roomBytes } = this;
    if (this.spare.length < roomBytes + usualBytes) this.spare = new Uint8Array(roomBytes + usualBytes);
    this.ahead = this.source.read(this.spare, roomBytes);
    // Who fills gets the error; who never does again must not be told.
    this.ahead.catch(() => {});
  }

  /** Puts the rest of this chunk before what was read ahead, and changes to that. */
  private async takeAhead(ahead: Promise<number>): Promise<number> {
    this.ahead = null;
    const count = await ahead;
    const { bytes, start, end, roomBytes } = this;
    const kept = end - start;
    let next = this.spare;
    let at = roomBytes - kept;
    if (at >= 0) this.spare = bytes;
    else {
      next = new Uint8Array((kept + count) * 2);
      next.set(this.spare.subarray(roomBytes, roomBytes + count), kept);
      at = 0;
    }
    next.set(bytes.subarray(start, end), at);
    this.base += start - at;
    this.bytes = next;
    this.start = at;
    this.end = at + kept;
    return count;
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
    if (wanted * 2 > bytes.length || bytes.length < this.usualBytes) {
      this.bytes = new Uint8Array(Math.max(wanted * 2, this.usualBytes));
      this.bytes.set(bytes.subarray(start, end));
    } else {
      bytes.copyWithin(0, start, end);
    }
    this.base += start;
    this.start = 0;
    this.end = kept;
  }
}
