import { XdrError } from "./errors.ts";

/** Spans of bulk data a cursor remembers; a later one is skipped like any opaque. */
export const PAYLOAD_SPANS_MAX = 8;

const NO_BYTES = new Uint8Array(0);

/**
 * A bounds-checked reader over one record.
 *
 * The record layer may have left bulk data out of `bytes`: `elidedLength` bytes that belong at the physical offset
 * `elidedAt`. `offset`, `end` and `limit` are physical (indexes into `bytes`); `position` is logical: it counts the
 * missing bytes and starts at 0 where the record does. Skipping over the hole works, reading from it fails.
 */
export class Cursor {
  bytes: Uint8Array = NO_BYTES;
  offset = 0;
  end = 0;
  elidedAt = -1;
  elidedLength = 0;

  /** Bulk data skipped so far: where it starts, how long it really is, where what follows its padding starts. */
  payloadCount = 0;
  readonly payloadAt = new Uint32Array(PAYLOAD_SPANS_MAX);
  readonly payloadLength = new Uint32Array(PAYLOAD_SPANS_MAX);
  readonly payloadEnd = new Uint32Array(PAYLOAD_SPANS_MAX);

  /**
   * A quiet cursor does not throw: it remembers the first failure, moves to its end, and gives zeros from then on. The
   * skim uses it, because a snaplen cuts most records of a capture short, and a thrown error costs more than the skim.
   */
  isQuiet = false;
  hasFailed = false;
  /** The failure is only a lack of bytes (a longer capture would have succeeded), not a contradiction in them. */
  isShort = false;
  failedPosition = 0;
  private complaint: string | null = null;
  private needed = 0;
  private had = 0;

  /** Where plain reads must stop: `end`, or `elidedAt` while the hole is still ahead. */
  limit = 0;
  private start = 0;
  private isHoleAhead = false;

  /** Takes up a new record; `elidedAt` and `elidedLength` describe the hole in it, if any. Throws again on failure. */
  reset(bytes: Uint8Array, start: number, end: number, elidedAt = -1, elidedLength = 0): this {
    this.bytes = bytes;
    this.start = start;
    this.end = Math.min(end, bytes.length);
    const hasHole = elidedLength > 0 && elidedAt >= start && elidedAt <= this.end;
    this.elidedAt = hasHole ? elidedAt : -1;
    this.elidedLength = hasHole ? elidedLength : 0;
    this.isQuiet = false;
    this.payloadCount = 0;
    this.seek(start);
    return this;
  }

  /** Goes to a physical offset of the same record and forgets a failure. At the hole means: after it. */
  seek(offset: number): this {
    this.offset = offset;
    // Bulk data keeps its first bytes, so nothing but what follows the hole can start exactly at it.
    this.isHoleAhead = this.elidedLength > 0 && (offset < this.elidedAt || offset === this.start);
    this.limit = this.isHoleAhead ? this.elidedAt : this.end;
    this.hasFailed = false;
    this.isShort = false;
    this.complaint = null;
    return this;
  }

  /** Logical offset in the record. */
  get position(): number {
    return this.offset - this.start + (this.isHoleAhead ? 0 : this.elidedLength);
  }

  /** Bytes left, those of the hole included. */
  get remaining(): number {
    return this.end - this.offset + (this.isHoleAhead ? this.elidedLength : 0);
  }

  u32(): number {
    const at = this.offset;
    if (at + 4 > this.limit) return this.runShort(4);
    this.offset = at + 4;
    const bytes = this.bytes;
    return ((bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3]) >>> 0;
  }

  i32(): number {
    return this.u32() | 0;
  }

  u64(): bigint {
    if (this.offset + 8 > this.limit) return BigInt(this.runShort(8));
    const high = this.u32();
    return (BigInt(high) << 32n) | BigInt(this.u32());
  }

  i64(): bigint {
    return BigInt.asIntN(64, this.u64());
  }

  /** Moves `count` bytes on, over the hole if it lies within them entirely. */
  skip(count: number): void {
    const next = this.offset + count;
    if (next > this.limit) this.skipFar(count);
    else this.offset = next;
  }

  /** The next `count` bytes as a view, not a copy. */
  take(count: number): Uint8Array {
    const at = this.offset;
    if (at + count > this.limit) {
      this.runShort(count);
      return NO_BYTES;
    }
    this.offset = at + count;
    return this.bytes.subarray(at, at + count);
  }

  /** Skips bulk data and its padding and remembers where it was, also when the bytes end within it. */
  skipPayload(length: number): void {
    const index = this.payloadCount;
    const padded = length + (-length & 3);
    if (this.hasFailed) return;
    if (index === PAYLOAD_SPANS_MAX) {
      this.skip(padded);
      return;
    }
    this.payloadCount = index + 1;
    this.payloadAt[index] = this.offset;
    this.payloadLength[index] = length;
    this.payloadEnd[index] = this.end;
    this.skip(padded);
    this.payloadEnd[index] = this.offset;
  }

  /** How many bytes of an opaque of this length can be read here: all of it, or what comes before the hole. */
  readableOf(length: number): number {
    return this.offset + length <= this.limit || !this.isHoleAhead ? length : this.limit - this.offset;
  }

  /** Reports a contradiction at a logical position: throws, or on a quiet cursor remembers and ends the record. */
  fail(complaint: string, position: number = this.position): 0 {
    if (this.isQuiet) {
      if (!this.hasFailed) this.complaint = complaint;
      this.stopAt(position, false);
      return 0;
    }
    throw new XdrError(complaint, position);
  }

  /** The remembered failure in words. */
  get failure(): string | null {
    if (!this.hasFailed) return null;
    return this.complaint ?? `need ${this.needed} bytes, have ${this.had}`;
  }

  /** Reports that `count` bytes are wanted and not there. */
  runShort(count: number): 0 {
    if (this.isHoleAhead && this.remaining >= count) return this.fail("the bytes wanted were left out of the record");
    const had = this.end - this.offset + (this.isHoleAhead ? this.elidedLength : 0);
    if (!this.isQuiet) throw new XdrError(`need ${count} bytes, have ${had}`, this.position);
    if (!this.hasFailed) {
      this.needed = count;
      this.had = had;
    }
    this.stopAt(this.position, true);
    return 0;
  }

  private skipFar(count: number): void {
    const next = this.offset + count - this.elidedLength;
    if (this.isHoleAhead && next >= this.elidedAt && next <= this.end) {
      this.offset = next;
      this.isHoleAhead = false;
      this.limit = this.end;
    } else {
      this.runShort(count);
    }
  }

  private stopAt(position: number, isShort: boolean): void {
    if (!this.hasFailed) {
      this.hasFailed = true;
      this.isShort = isShort;
      this.failedPosition = position;
    }
    this.offset = this.end;
    this.limit = this.end;
    this.isHoleAhead = false;
  }
}
