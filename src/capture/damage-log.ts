import type { Chunk } from "./chunk.ts";
import type { Damage } from "./frame.ts";

/** A hostile file can be damaged every few bytes; beyond this many places they are only counted. */
const DAMAGE_MAX = 256;

/** The damaged places of one capture, at most DAMAGE_MAX of them. */
export class DamageLog {
  readonly places: Damage[] = [];
  omitted = 0;
  private open: Damage | null = null;

  add(kind: Damage["kind"], offset: number, frame: number, message: string): void {
    this.open = null;
    if (this.places.length >= DAMAGE_MAX) {
      this.omitted++;
      return;
    }
    this.open = { offset, frame, kind, message };
    this.places.push(this.open);
  }

  /** Says how the damage added last turned out. */
  amend(more: string): void {
    if (this.open !== null) this.open.message += more;
    this.open = null;
  }

  /** Closes a capture: whatever is left in `chunk` is an unfinished piece, cut or broken off. */
  addEnd(chunk: Chunk, frame: number, piece: string): void {
    const left = chunk.available;
    if (chunk.failure !== null) {
      const lost = left === 0 ? "" : `, ${left} bytes into a ${piece}`;
      this.add(chunk.failureKind, chunk.offset + left, frame, `${chunk.failure.message}${lost}`);
    } else if (left > 0) {
      this.add("truncated", chunk.offset, frame, `the capture ends ${left} bytes into a ${piece}`);
    }
    chunk.start = chunk.end;
  }
}
