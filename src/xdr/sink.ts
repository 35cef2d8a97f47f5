import { unfilled } from "./unfilled.ts";

const INITIAL_BYTES = 256;

/** A growing output buffer for XDR. */
export class Sink {
  private buffer: Uint8Array;
  private used = 0;
  /** Over the buffer; made when a number of 64 bits comes. */
  private words: DataView | null = null;

  constructor(initialBytes: number = INITIAL_BYTES) {
    this.buffer = unfilled(initialBytes);
  }

  /** Bytes written so far. */
  get length(): number {
    return this.used;
  }

  /** Starts over in the same buffer: views given out by `view` change. */
  clear(): this {
    this.used = 0;
    return this;
  }

  u32(value: number): void {
    const at = this.grow(4);
    this.put(at, value);
  }

  u64(value: bigint): void {
    const at = this.grow(8);
    const { buffer } = this;
    this.words ??= new DataView(buffer.buffer, buffer.byteOffset, buffer.length);
    this.words.setBigUint64(at, value);
  }

  /** Bytes as they are. */
  raw(bytes: Uint8Array): void {
    const at = this.grow(bytes.length);
    this.buffer.set(bytes, at);
  }

  /** Bytes, then zeros up to a multiple of four. RFC 4506 §4.9 */
  padded(bytes: Uint8Array): void {
    const at = this.grow(bytes.length + (-bytes.length & 3));
    this.buffer.set(bytes, at);
    this.buffer.fill(0, at + bytes.length, this.used);
  }

  /** The same of data that may be long. */
  bulk(bytes: Uint8Array): void {
    this.padded(bytes);
  }

  zeros(count: number): void {
    const at = this.grow(count);
    this.buffer.fill(0, at, this.used);
  }

  /** Overwrites four bytes written before, for a length known only afterwards. */
  patch(at: number, value: number): void {
    if (at + 4 > this.used) throw new RangeError(`nothing written at ${at}`);
    this.put(at, value);
  }

  /** Four bytes written before. */
  u32At(at: number): number {
    if (at + 4 > this.used) throw new RangeError(`nothing written at ${at}`);
    const { buffer } = this;
    return ((buffer[at] << 24) | (buffer[at + 1] << 16) | (buffer[at + 2] << 8) | buffer[at + 3]) >>> 0;
  }

  /** Takes back everything written from `length` on. */
  truncate(length: number): void {
    if (length > this.used) throw new RangeError(`nothing written at ${length}`);
    this.used = length;
  }

  /** What was written, as a view of the buffer. */
  view(): Uint8Array {
    return this.buffer.subarray(0, this.used);
  }

  /** What was written, as a copy. */
  finish(): Uint8Array {
    return this.buffer.slice(0, this.used);
  }

  /** What was written, in the buffer itself: the sink starts over in another one. */
  handOver(): Uint8Array {
    const written = this.view();
    this.buffer = unfilled(INITIAL_BYTES);
    this.words = null;
    this.used = 0;
    return written;
  }

  private put(at: number, value: number): void {
    const buffer = this.buffer;
    buffer[at] = value >>> 24;
    buffer[at + 1] = value >>> 16;
    buffer[at + 2] = value >>> 8;
    buffer[at + 3] = value;
  }

  private grow(count: number): number {
    const at = this.used;
    const needed = at + count;
    if (needed > this.buffer.length) {
      const wider = unfilled(Math.max(needed, this.buffer.length * 2));
      wider.set(this.buffer.subarray(0, at));
      this.buffer = wider;
      this.words = null;
    }
    this.used = needed;
    return at;
  }
}
