/** Bytes that may wait behind holes of one direction, before its first hole is given up. */
export const PENDING_BYTES_PER_HALF_MAX = 8 * 1024 * 1024;

/** The same over all connections. */
export const PENDING_BYTES_MAX = 64 * 1024 * 1024;

/** Pieces with holes between them that may wait in one direction. */
export const PENDING_PIECES_MAX = 4096;

/** Adjoining segments are joined up to this size: few pieces, and an append stays cheap. */
const PIECE_BYTES_MAX = 64 * 1024;

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

  constructor(budget: PendingBudget) {
    this.budget = budget;
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
        const capturedEnd = Math.max(start + from, Math.min(end, start + stop));
        const fresh = bytes.subarray(start + from, capturedEnd);
        if (!this.append(at - 1, (sequence + from) | 0, stop - from, fresh, frame)) {
          at = this.put(at, (sequence + from) | 0, stop - from, fresh, micros, frame);
        }
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

  /** Joins bytes to the piece they follow, if that is whole and has room. */
  private append(index: number, sequence: number, length: number, fresh: Uint8Array, frame: unknown): boolean {
    if (index < this.head) return false;
    const piece = this.pieces[index];
    if (((piece.sequence + piece.length) | 0) !== sequence || piece.captured !== piece.length) return false;
    const captured = piece.captured + fresh.length;
    if (captured > PIECE_BYTES_MAX) return false;
    if (captured > piece.bytes.length) {
      const grown = new Uint8Array(Math.min(PIECE_BYTES_MAX, Math.max(captured, piece.bytes.length * 2)));
      grown.set(piece.bytes.subarray(0, piece.captured));
      this.charge(piece, grown.length - piece.bytes.length);
      piece.bytes = grown;
    }
    piece.bytes.set(fresh, piece.captured);
    piece.marks.push({ at: piece.length, frame });
    this.charge(piece, MARK_OVERHEAD);
    piece.captured = captured;
    piece.length += length;
    return true;
  }

  /** Puts a piece before the one at `at`, and returns where that is now. */
  private put(at: number, sequence: number, length: number, fresh: Uint8Array, micros: number, frame: unknown): number {
    const marks = [{ at: 0, frame }];
    const piece: Piece = { sequence, length, captured: fresh.length, bytes: fresh.slice(), micros, marks, cost: 0 };
    this.charge(piece, fresh.length + PIECE_OVERHEAD + MARK_OVERHEAD);
    if (at === this.head && this.head > 0) {
      this.pieces[--this.head] = piece;
      return at;
    }
    this.pieces.splice(at, 0, piece);
    return at + 1;
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
