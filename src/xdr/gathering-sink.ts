import { Sink } from "./sink.ts";

/** Bulk data from here on is passed on where it lies; to copy less costs less than one more piece to send. */
export const LENT_BYTES_MIN = 32 * 1024;

/** Bulk data that belongs behind the first `at` bytes of the buffer and, at the same place, behind pieces before it. */
interface LentPiece {
  readonly at: number;
  readonly bytes: Uint8Array;
}

/** A sink that does not copy bulk data: what was written comes out in pieces. Until they are sent the data must not change. */
export class GatheringSink extends Sink {
  readonly #lent: LentPiece[] = [];
  #lentBytes = 0;

  override get length(): number {
    return super.length + this.#lentBytes;
  }

  override bulk(bytes: Uint8Array): void {
    if (bytes.length < LENT_BYTES_MIN) {
      super.bulk(bytes);
      return;
    }
    this.#lent.push({ at: super.length, bytes });
    this.#lentBytes += bytes.length;
    this.zeros(-bytes.length & 3);
  }

  override patch(at: number, value: number): void {
    super.patch(this.#ownOffset(at), value);
  }

  override u32At(at: number): number {
    return super.u32At(this.#ownOffset(at));
  }

  override truncate(length: number): void {
    for (let last = this.#lent.at(-1); last !== undefined; last = this.#lent.at(-1)) {
      const start = last.at + this.#lentBytes - last.bytes.length;
      if (start < length) break;
      this.#lent.pop();
      this.#lentBytes -= last.bytes.length;
    }
    super.truncate(length - this.#lentBytes);
  }

  /** What was written, in order, as views. */
  pieces(): readonly Uint8Array[] {
    const own = super.view();
    if (this.#lent.length === 0) return [own];
    const pieces: Uint8Array[] = [];
    let from = 0;
    for (const { at, bytes } of this.#lent) {
      if (at > from) pieces.push(own.subarray(from, at));
      pieces.push(bytes);
      from = at;
    }
    if (from < own.length) pieces.push(own.subarray(from));
    return pieces;
  }

  /** All of it in one piece: a copy where anything is lent. */
  override view(): Uint8Array {
    const pieces = this.pieces();
    return pieces.length === 1 ? (pieces[0] as Uint8Array) : Buffer.concat(pieces);
  }

  override finish(): Uint8Array {
    return this.view().slice();
  }

  /** Where in the buffer that is which stands at `at` of the whole. */
  #ownOffset(at: number): number {
    let offset = at;
    for (const piece of this.#lent) {
      if (piece.at > offset) break;
      offset -= piece.bytes.length;
    }
    return offset;
  }
}
