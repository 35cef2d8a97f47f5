import { bool } from "./bool.ts";
import type { Cursor } from "./cursor.ts";
import { LENGTH_MAX } from "./opaque.ts";
import type { Sink } from "./sink.ts";
import { type See, Type } from "./type.ts";

/**
 * A chain `struct entry { …; entry *next; } *`, which the wire shows as TRUE, entry, TRUE, entry, …, FALSE. `element`
 * is the entry without its `next`. Read in a loop: a chain as deep as the record is long must not fill the stack.
 */
export class LinkedListType<T> extends Type<T[]> {
  readonly element: Type<T>;
  readonly max: number;

  constructor(element: Type<T>, max: number) {
    super(`${element.name}*`, null, 4);
    this.element = element;
    this.max = max;
  }

  read(cursor: Cursor): T[] {
    const values: T[] = [];
    while (this.hasNext(cursor, values.length)) values.push(this.element.read(cursor));
    return values;
  }

  write(sink: Sink, values: T[]): void {
    if (values.length > this.max) throw new RangeError(`${values.length} entries are not a ${this.name}`);
    for (const value of values) {
      sink.u32(1);
      this.element.write(sink, value);
    }
    sink.u32(0);
  }

  skip(cursor: Cursor): void {
    for (let count = 0; this.hasNext(cursor, count); count++) this.element.skip(cursor);
  }

  override visit(cursor: Cursor, path: string, see: See): T[] {
    const values: T[] = [];
    while (this.hasNext(cursor, values.length)) {
      const elementPath = `${path}[${values.length}]`;
      const start = cursor.position;
      const value = this.element.visit(cursor, elementPath, see);
      see(elementPath, value, start, cursor.position, this.element);
      values.push(value);
    }
    return values;
  }

  private hasNext(cursor: Cursor, count: number): boolean {
    if (!bool.read(cursor)) return false;
    if (count === this.max) cursor.fail(`${this.name}: more than ${this.max} entries`, cursor.position - 4);
    return !cursor.hasFailed;
  }
}

export function linkedList<T>(element: Type<T>, max: number = LENGTH_MAX): LinkedListType<T> {
  return new LinkedListType(element, max);
}
