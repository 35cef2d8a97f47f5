import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import { SkipStep } from "./skip-step.ts";
import { FixedType, Type } from "./type.ts";

/** The largest length XDR can express; used where the RFC sets no bound. */
export const LENGTH_MAX = 0xffff_ffff;

/** Reads a length word and refuses one above the bound. On a quiet cursor a refused length is 0. */
export function readLength(cursor: Cursor, max: number, name: string): number {
  const length = cursor.u32();
  if (length > max) return cursor.fail(`${name}: length ${length} exceeds ${max}`, cursor.position - 4);
  return length;
}

/** Skips bytes and their padding. */
export function skipPadded(cursor: Cursor, length: number): void {
  cursor.skip(length + (-length & 3));
}

/** Takes bytes as a view and passes over their padding, whose content is not looked at. */
export function takePadded(cursor: Cursor, length: number): Uint8Array {
  const bytes = cursor.take(length);
  cursor.skip(-length & 3);
  return bytes;
}

/** `opaque name[n]` */
export class FixedOpaqueType extends FixedType<Uint8Array> {
  readonly length: number;

  constructor(length: number) {
    super(`opaque[${length}]`, length + (-length & 3));
    this.length = length;
  }

  read(cursor: Cursor): Uint8Array {
    return takePadded(cursor, this.length);
  }

  write(sink: Sink, value: Uint8Array): void {
    if (value.length !== this.length) throw new RangeError(`${value.length} bytes are not an ${this.name}`);
    sink.padded(value);
  }
}

/** `opaque name<max>` */
export class OpaqueType extends Type<Uint8Array> {
  readonly max: number;

  constructor(max: number) {
    super(max === LENGTH_MAX ? "opaque<>" : `opaque<${max}>`, null, 4);
    this.max = max;
  }

  read(cursor: Cursor): Uint8Array {
    return takePadded(cursor, readLength(cursor, this.max, this.name));
  }

  write(sink: Sink, value: Uint8Array): void {
    if (value.length > this.max) throw new RangeError(`${value.length} bytes are not an ${this.name}`);
    sink.u32(value.length);
    sink.padded(value);
  }

  skip(cursor: Cursor): void {
    skipPadded(cursor, readLength(cursor, this.max, this.name));
  }

  override stepsBefore(next: SkipStep | null): SkipStep {
    return SkipStep.count(this.max, 1, next);
  }
}

export function fixedOpaque(length: number): FixedOpaqueType {
  return new FixedOpaqueType(length);
}

export function opaque(max: number = LENGTH_MAX): OpaqueType {
  return new OpaqueType(max);
}
