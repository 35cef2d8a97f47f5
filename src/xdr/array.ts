import type { Cursor } from "./cursor.ts";
import { LENGTH_MAX, readLength } from "./opaque.ts";
import type { Sink } from "./sink.ts";
import { SkipStep } from "./skip-step.ts";
import { type See, Type } from "./type.ts";

function visitElement<T>(element: Type<T>, cursor: Cursor, path: string, see: See): T {
  const start = cursor.position;
  const value = element.visit(cursor, path, see);
  see(path, value, start, cursor.position, element);
  return value;
}

/** `type name<max>` */
export class ArrayType<T> extends Type<T[]> {
  readonly element: Type<T>;
  readonly max: number;

  constructor(element: Type<T>, max: number) {
    super(max === LENGTH_MAX ? `${element.name}<>` : `${element.name}<${max}>`, null, 4);
    if (element.minSize === 0) throw new RangeError(`${this.name}: elements without bytes cannot be counted safely`);
    this.element = element;
    this.max = max;
  }

  read(cursor: Cursor): T[] {
    const values: T[] = [];
    for (let left = this.readCount(cursor); left > 0; left--) values.push(this.element.read(cursor));
    return values;
  }

  write(sink: Sink, values: T[]): void {
    if (values.length > this.max) throw new RangeError(`${values.length} elements are not a ${this.name}`);
    sink.u32(values.length);
    for (const value of values) this.element.write(sink, value);
  }

  skip(cursor: Cursor): void {
    const count = this.readCount(cursor);
    const { fixedSize } = this.element;
    if (fixedSize !== null) cursor.skip(count * fixedSize);
    else for (let left = count; left > 0 && !cursor.hasFailed; left--) this.element.skip(cursor);
  }

  override stepsBefore(next: SkipStep | null): SkipStep | null {
    const { fixedSize } = this.element;
    return fixedSize === null ? null : SkipStep.count(this.max, fixedSize, next);
  }

  override visit(cursor: Cursor, path: string, see: See): T[] {
    const values: T[] = [];
    const count = this.readCount(cursor);
    for (let i = 0; i < count; i++) values.push(visitElement(this.element, cursor, `${path}[${i}]`, see));
    return values;
  }

  /** The count, refused at once where so many elements cannot be in the record. */
  private readCount(cursor: Cursor): number {
    const count = readLength(cursor, this.max, this.name);
    const least = count * this.element.minSize;
    return least > cursor.remaining ? cursor.runShort(least) : count;
  }
}

/** `type name[n]` */
export class FixedArrayType<T> extends Type<T[]> {
  readonly element: Type<T>;
  readonly length: number;

  constructor(element: Type<T>, length: number) {
    const fixedSize = element.fixedSize === null ? null : element.fixedSize * length;
    super(`${element.name}[${length}]`, fixedSize, element.minSize * length);
    this.element = element;
    this.length = length;
  }

  read(cursor: Cursor): T[] {
    const values: T[] = [];
    for (let i = 0; i < this.length; i++) values.push(this.element.read(cursor));
    return values;
  }

  write(sink: Sink, values: T[]): void {
    if (values.length !== this.length) throw new RangeError(`${values.length} elements are not a ${this.name}`);
    for (const value of values) this.element.write(sink, value);
  }

  skip(cursor: Cursor): void {
    if (this.fixedSize !== null) cursor.skip(this.fixedSize);
    else for (let i = 0; i < this.length && !cursor.hasFailed; i++) this.element.skip(cursor);
  }

  override visit(cursor: Cursor, path: string, see: See): T[] {
    const values: T[] = [];
    for (let i = 0; i < this.length; i++) values.push(visitElement(this.element, cursor, `${path}[${i}]`, see));
    return values;
  }
}

export function array<T>(element: Type<T>, max: number = LENGTH_MAX): ArrayType<T> {
  return new ArrayType(element, max);
}

export function fixedArray<T>(element: Type<T>, length: number): FixedArrayType<T> {
  return new FixedArrayType(element, length);
}
