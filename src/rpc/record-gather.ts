/** Collects the bytes of one RPC record that came in several pieces, leaving bulk payload out. */

/** Of a payload that is left out, so many first bytes stay: fingerprints look at them. */
export const PAYLOAD_KEPT_BYTES = 64;
/** Most bytes kept of one record. Beyond it they are counted, and the record comes out truncated. */
export const RECORD_KEPT_MAX = 1024 * 1024;
/** The locator is asked when so many bytes are there, then each time they have doubled: linear however they trickle in. */
export const LOCATE_FIRST = 512;

/** `elidedAt` of a record that is all there. */
export const NOT_ELIDED = -1;

const BUFFER_FIRST_BYTES = 4096;
/** A larger buffer is let go after its record: an idle connection must not hold a megabyte. */
const BUFFER_HELD_MAX = 64 * 1024;
const NO_BYTES = new Uint8Array(0);

/** Where a locator found bulk data: its first byte, and its length on the wire without XDR padding. */
export interface PayloadSpan {
  at: number;
  length: number;
}

/**
 * Looks for one bulk opaque in the start of a message, `bytes[start, end)`, which is not all of it. `found`: `into` tells
 * where (it may reach beyond `end`); `more`: ask again when more bytes are there; `none`: not in this message.
 */
export type PayloadLocator = (
  bytes: Uint8Array,
  start: number,
  end: number,
  into: PayloadSpan,
) => "found" | "more" | "none";

export class RecordGather {
  bytes: Uint8Array = NO_BYTES;
  /** Bytes kept. */
  have = 0;
  /** Message bytes that passed, whether kept, left out, or missing. */
  passed = 0;
  /** Where bytes were left out, NOT_ELIDED if nowhere. */
  elidedAt = NOT_ELIDED;
  elidedLength = 0;
  /** Something after the kept bytes is not there: only the extent is known from here on. */
  isCut = false;
  isOversize = false;

  /** Asked again at this many bytes; Infinity once decided. */
  private locateAt = LOCATE_FIRST;
  /** Payload bytes still to be left out. */
  private toSkip = 0;
  private readonly locate: PayloadLocator | undefined;
  private readonly span: PayloadSpan = { at: 0, length: 0 };

  constructor(locate: PayloadLocator | undefined) {
    this.locate = locate;
    this.restart();
  }

  /** Forgets the last record. */
  restart(): void {
    this.have = 0;
    this.passed = 0;
    this.elidedAt = NOT_ELIDED;
    this.elidedLength = 0;
    this.isCut = false;
    this.isOversize = false;
    this.locateAt = this.locate === undefined ? Number.POSITIVE_INFINITY : LOCATE_FIRST;
    this.toSkip = 0;
    if (this.bytes.length > BUFFER_HELD_MAX) this.bytes = NO_BYTES;
  }

  /**
   * Takes message bytes. `announced` is the length of the message so far as its record marks tell, `isWhole` when
   * the last of them was seen.
   */
  take(bytes: Uint8Array, start: number, end: number, announced: number, isWhole: boolean): void {
    this.passed += end - start;
    let at = start;
    while (at < end && !this.isCut) {
      if (this.have === this.elidedAt && this.toSkip > 0) {
        const skipped = Math.min(this.toSkip, end - at);
        this.leaveOut(skipped);
        at += skipped;
        continue;
      }
      const stop = this.have < this.elidedAt ? this.elidedAt : Math.min(this.locateAt, RECORD_KEPT_MAX);
      const kept = Math.min(end - at, stop - this.have);
      this.keep(bytes, at, at + kept);
      at += kept;
      if (this.have === this.locateAt) this.findPayload(announced, isWhole);
      else if (this.have === RECORD_KEPT_MAX && at < end) this.overflow();
    }
  }

  /** Message bytes that were not captured. Inside a payload that is left out they cost nothing. */
  miss(length: number, announced: number, isWhole: boolean): void {
    this.passed += length;
    if (this.isCut) return;
    if (this.elidedAt === NOT_ELIDED && this.have < this.locateAt) this.findPayload(announced, isWhole);
    let left = length;
    if (this.have === this.elidedAt) {
      const skipped = Math.min(this.toSkip, left);
      this.leaveOut(skipped);
      left -= skipped;
    }
    if (left > 0) this.isCut = true;
  }

  private leaveOut(length: number): void {
    this.toSkip -= length;
    this.elidedLength += length;
  }

  private overflow(): void {
    this.isCut = true;
    this.isOversize = true;
  }

  private keep(bytes: Uint8Array, start: number, end: number): void {
    const after = this.have + end - start;
    if (after > this.bytes.length) this.grow(after);
    if (end - start < 32) for (let at = start, to = this.have; at < end; ) this.bytes[to++] = bytes[at++];
    else this.bytes.set(bytes.subarray(start, end), this.have);
    this.have = after;
  }

  private grow(needed: number): void {
    let size = Math.max(BUFFER_FIRST_BYTES, this.bytes.length);
    while (size < needed) size *= 2;
    const larger = new Uint8Array(size);
    larger.set(this.bytes.subarray(0, this.have));
    this.bytes = larger;
  }

  /** Asks the locator; the payload's middle is left out from PAYLOAD_KEPT_BYTES on, its XDR padding is kept. */
  private findPayload(announced: number, isWhole: boolean): void {
    if (this.locate === undefined || this.locateAt === Number.POSITIVE_INFINITY) return;
    const span = this.span;
    const answer = this.locate(this.bytes, 0, this.have, span);
    this.locateAt = answer === "more" ? Math.max(this.locateAt, this.have) * 2 : Number.POSITIVE_INFINITY;
    if (answer !== "found") return;
    const from = span.at + PAYLOAD_KEPT_BYTES;
    const until = span.at + span.length;
    // A length that the record cannot hold is a lie, and one that is all here already gains nothing.
    if (span.at < 0 || span.at > this.have || until <= this.have || until <= from || (isWhole && until > announced))
      return;
    this.elidedAt = from;
    this.toSkip = until - from;
    if (this.have <= from) return;
    this.leaveOut(this.have - from);
    this.have = from;
  }
}
