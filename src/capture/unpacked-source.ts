import type { ByteSource } from "../sys/byte-source.ts";

/** Takes compressed data apart. */
export interface Unpacker {
  /** The next pieces of unpacked data (there may be none yet); null at the end. Throws a ReadError where the data is damaged. */
  next(): Promise<Uint8Array[] | null>;
  close(): Promise<void>;
}

/** What an unpacker yields, as a ByteSource: everything unpacked is given out before its error is. */
export class UnpackedSource implements ByteSource {
  readonly name: string;
  readonly size = null;
  private readonly unpacker: Unpacker;
  private pieces: Uint8Array[] = [];
  private pieceIndex = 0;
  private pieceOffset = 0;

  constructor(name: string, unpacker: Unpacker) {
    this.name = name;
    this.unpacker = unpacker;
  }

  async read(into: Uint8Array, at: number): Promise<number> {
    if (at >= into.length) return 0;
    while (this.pieceIndex === this.pieces.length) {
      const pieces = await this.unpacker.next();
      if (pieces === null) return 0;
      this.pieces = pieces;
      this.pieceIndex = 0;
    }
    return this.take(into, at);
  }

  close(): Promise<void> {
    return this.unpacker.close();
  }

  private take(into: Uint8Array, from: number): number {
    let at = from;
    while (at < into.length && this.pieceIndex < this.pieces.length) {
      const piece = this.pieces[this.pieceIndex];
      const count = Math.min(piece.length - this.pieceOffset, into.length - at);
      into.set(piece.subarray(this.pieceOffset, this.pieceOffset + count), at);
      at += count;
      this.pieceOffset += count;
      if (this.pieceOffset === piece.length) {
        this.pieceIndex++;
        this.pieceOffset = 0;
      }
    }
    return at - from;
  }
}
