import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import type { SkipStep } from "./skip-step.ts";

/**
 * Told of every named field (and every list element) with its dotted path, value, logical byte span and type. Children
 * are told before the field that holds them, so that what was seen before a damage is known although the rest is not.
 */
export type See = (path: string, value: unknown, start: number, end: number, type: Type<unknown>) => void;

/** One XDR type: a single declaration that reads, writes, skips and names its bytes. */
export abstract class Type<T> {
  /** As the RFC spells it. */
  readonly name: string;
  /** Bytes of every value, or null where that depends on the value. */
  readonly fixedSize: number | null;
  /** Bytes of the smallest value: what makes a hostile element count recognisable before anything is allocated. */
  readonly minSize: number;

  constructor(name: string, fixedSize: number | null, minSize: number) {
    this.name = name;
    this.fixedSize = fixedSize;
    this.minSize = minSize;
  }

  abstract read(cursor: Cursor): T;

  /** Throws a RangeError for a value that the type cannot carry. */
  abstract write(sink: Sink, value: T): void;

  /** Checks bounds and lengths and gives no value. */
  abstract skip(cursor: Cursor): void;

  /** How to skip it and what `next` leads over; null where it has to be asked. Not called where all values have one size. */
  stepsBefore(_next: SkipStep | null): SkipStep | null {
    return null;
  }

  /** Reads, and tells `see` of the named fields within. A type without named fields only reads. */
  visit(cursor: Cursor, _path: string, _see: See): T {
    return this.read(cursor);
  }
}

/** How to skip a value of the type, and then what `next` leads over. */
export function stepsOver(type: Type<unknown>, next: SkipStep | null): SkipStep | null {
  if (type.fixedSize === null) return type.stepsBefore(next);
  return next === null ? null : next.behind(type.fixedSize);
}

/** A type whose every value has the same size. */
export abstract class FixedType<T> extends Type<T> {
  readonly size: number;

  constructor(name: string, size: number) {
    super(name, size, size);
    this.size = size;
  }

  skip(cursor: Cursor): void {
    cursor.skip(this.size);
  }
}

/** The TypeScript type of the values of an XDR type. */
export type ValueOf<X> = X extends Type<infer T> ? T : never;
