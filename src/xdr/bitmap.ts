import type { Cursor } from "./cursor.ts";
import { readLength } from "./opaque.ts";
import type { Sink } from "./sink.ts";
import { SkipStep } from "./skip-step.ts";
import { Type } from "./type.ts";

/** `uint32_t name<max>` read as a set of bits; the value is the words, so that zero words at the end survive. */
export class BitmapType extends Type<number[]> {
  readonly max: number;

  constructor(name: string, max: number) {
    super(name, null, 4);
    this.max = max;
  }

  read(cursor: Cursor): number[] {
    const count = readLength(cursor, this.max, this.name);
    if (count * 4 > cursor.remaining) cursor.runShort(count * 4);
    const words: number[] = [];
    for (let i = 0; i < count; i++) words.push(cursor.u32());
    return words;
  }

  write(sink: Sink, words: number[]): void {
    if (words.length > this.max) throw new RangeError(`${words.length} words are not a ${this.name}`);
    sink.u32(words.length);
    for (const word of words) sink.u32(word);
  }

  skip(cursor: Cursor): void {
    cursor.skip(readLength(cursor, this.max, this.name) * 4);
  }

  override stepsBefore(next: SkipStep | null): SkipStep {
    return SkipStep.count(this.max, 4, next);
  }
}

export function bitmap(name: string, max: number): BitmapType {
  return new BitmapType(name, max);
}

/** The numbers of the set bits, ascending. */
export function bitsOf(words: readonly number[]): number[] {
  const bits: number[] = [];
  for (let i = 0; i < words.length; i++) {
    for (let bit = 0; bit < 32; bit++) if ((words[i] >>> bit) & 1) bits.push(i * 32 + bit);
  }
  return bits;
}

/** The shortest words with exactly these bits set. */
export function wordsOf(bits: Iterable<number>): number[] {
  const words: number[] = [];
  for (const bit of bits) {
    while (words.length <= bit >>> 5) words.push(0);
    words[bit >>> 5] = (words[bit >>> 5] | (1 << (bit & 31))) >>> 0;
  }
  return words;
}
