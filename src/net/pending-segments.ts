import { PieceBuffers } from "./piece-buffers.ts";

/** Bytes that may wait behind holes of one direction, before its first hole is given up. */
export const PENDING_BYTES_PER_HALF_MAX = 8 * 1024 * 1024;

/** The same over all connections. */
export const PENDING_BYTES_MAX = 64 * 1024 * 1024;

/** Pieces with holes between them that may wait in one direction. */
export const PENDING_PIECES_MAX = 4096;

/** Adjoining segments are joined up to this size: few pieces, and an append stays cheap. */
const PIECE_BYTES_MAX = 64 * 1024;

/** Up to so many bytes are copied one by one: making the view that `set` wants takes as long. */
const SHORT_COPY_BYTES_MAX = 256;

/** What a piece costs besides its bytes, roughly: tiny ones must not be free. */
const PIECE_OVERHEAD = 160;

/** What remembering the frame of a segment costs. */
const MARK_OVERHEAD = 64;

/** The frame that brought the bytes from an offset in a piece on. */
export interface Mark {
  readonly at: number;
  readonly frame: unknown;
}

/** A run of stream bytes that waits. */
export interface Piece {
  sequence: number;
  /** Length on the wire. */
  length: number;
  /** Bytes of it that were captured: `bytes` up to here. */
  captured: number;
  bytes: Uint8Array;
  /** When its first byte came. */
  micros: number;
  /** In ascending order, the first at 0. */
  marks: Mark[];
  /** What it counts in the budget. */
  cost: number;
}

/** Bytes waiting over all connections. */
export interface PendingBudget {
  bytes: number;
}

/** Segments of one direction that came too early, copied, sorted and without overlap. The first copy of a byte wins. */
export class PendingSegments {
  private readonly budget: PendingBudget;
  private pieces: Piece[] = [];
  /** Pieces before this index are gone. */
  private head = 0;
  private bytes = 0;
  private readonly buffers: PieceBuffers;

  constructor(budget: PendingBudget, buffers = new PieceBuffers()) {
    this.budget = budget;
    this.buffers = buffers;
  }

  get count(): number {
    return this.pieces.length - this.head;
  }

  /** The piece that comes first; there must be one. */
  get first(): Piece {
    return this.pieces[this.head];
  }

  get isOverFull(): boolean {
    if (this.count === 0) return false;
    if (this.bytes > PENDING_BYTES_PER_HALF_MAX || this.count > PENDING_PIECES_MAX) return true;
    return this.budget.bytes > PENDING_BYTES_MAX;
  }

  /** Takes the first piece out. */
  shift(): Piece {
    const piece = this.pieces[this.head++];
    this.account(-piece.cost);
    if (this.head === this.pieces.length) {
      this.pieces.length = 0;
      this.head = 0;
    } else if (this.head > 1024) {
      this.pieces.splice(0, this.head);
      this.head = 0;
    }
    return piece;
  }

  /** What `shift` gave is read. */
  release(piece: Piece): void {
    this.buffers.give(piece.bytes);
  }

  clear(): void {
    this.account(-this.bytes);
    this.pieces = [];
    this.head = 0;
  }

  /** Copies what is new of a segment. `length` is its wire length, `bytes[start..end)` what was captured of it. */
  insert(
    sequence: number,
    length: number,
    bytes: Uint8Array,
    start: number,
    end: number,
    micros: number,
    frame: unknown,
  ): void {
    let at = this.indexAfter(sequence);
    let from = 0;
    while (from < length) {
      const next = at < this.pieces.length ? this.pieces[at] : undefined;
      const stop = next === undefined ? length : Math.min(length, (next.sequence - sequence) | 0);
      if (stop > from) {
        const first = start + from;
        const captured = Math.max(0, Math.min(end, start + stop) - first);
        let piece = this.extended(at - 1, (sequence + from) | 0, captured, frame);
        if (piece === null) {
          piece = this.put(at, (sequence + from) | 0, captured, micros, frame);
          // A place before the first one may have been free.
          if (this.pieces[at] === piece) at++;
        }
        copy(bytes, first, captured, piece.bytes, piece.captured);
        piece.captured += captured;
        piece.length += stop - from;
      }
      if (next === undefined) return;
      from = Math.max(from, (next.sequence + next.length - sequence) | 0);
      at++;
    }
  }

  /** Index of the first piece that ends behind `sequence`; usually there is none. */
  private indexAfter(sequence: number): number {
    let low = this.head;
    let high = this.pieces.length;
    if (high > low && this.endsAtOrBefore(high - 1, sequence)) return high;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.endsAtOrBefore(middle, sequence)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  private endsAtOrBefore(index: number, sequence: number): boolean {
    const piece = this.pieces[index];
    return ((sequence - piece.sequence - piece.length) | 0) >= 0;
  }

  /** The piece that bytes from `sequence` on follow, if that is whole and has room for them. */
  private extended(index: number, sequence: number, captured: number, frame: unknown): Piece | null {
    if (index < this.head) return null;
    const piece = this.pieces[index];
    if (((piece.sequence + piece.length) | 0) !== sequence || piece.captured !== piece.length) return null;
    const needed = piece.captured + captured;
    if (needed > PIECE_BYTES_MAX) return null;
    if (needed > piece.bytes.length) this.grow(piece, needed);
    piece.marks.push({ at: piece.length, frame });
    this.charge(piece, MARK_OVERHEAD);
    return piece;
  }

  private grow(piece: Piece, needed: number): void {
    const old = piece.bytes;
    piece.bytes = this.buffers.take(Math.min(needed * 2, PIECE_BYTES_MAX));
    piece.bytes.set(old.subarray(0, piece.captured));
    this.charge(piece, piece.bytes.length - old.length);
    this.buffers.give(old);
  }

  /** Puts an empty piece before the one at `at`. */
  private put(at: number, sequence: number, captured: number, micros: number, frame: unknown): Piece {
    const bytes = this.buffers.take(captured);
    const piece: Piece = { sequence, length: 0, captured: 0, bytes, micros, marks: [{ at: 0, frame }], cost: 0 };
    this.charge(piece, bytes.length + PIECE_OVERHEAD + MARK_OVERHEAD);
    if (at === this.pieces.length) this.pieces.push(piece);
    else if (at === this.head && this.head > 0) this.pieces[--this.head] = piece;
    else this.pieces.splice(at, 0, piece);
    return piece;
  }

  private charge(piece: Piece, cost: number): void {
    piece.cost += cost;
    this.account(cost);
  }

  private account(bytes: number): void {
    this.bytes += bytes;
    this.budget.bytes += bytes;
  }
}

function copy(from: Uint8Array, start: number, length: number, to: Uint8Array, at: number): void {
  if (length > SHORT_COPY_BYTES_MAX) to.set(from.subarray(start, start + length), at);
  else for (let index = 0; index < length; index++) to[at + index] = from[start + index];
}
