import { bool } from "./bool.ts";
import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import { type See, Type } from "./type.ts";

/** `type *name`: a value or null. */
export class OptionalType<T> extends Type<T | null> {
  readonly element: Type<T>;

  constructor(element: Type<T>) {
    super(`${element.name}*`, null, 4);
    this.element = element;
  }

  read(cursor: Cursor): T | null {
    return bool.read(cursor) ? this.element.read(cursor) : null;
  }

  write(sink: Sink, value: T | null): void {
    bool.write(sink, value !== null);
    if (value !== null) this.element.write(sink, value);
  }

  skip(cursor: Cursor): void {
    if (bool.read(cursor)) this.element.skip(cursor);
  }

  override visit(cursor: Cursor, path: string, see: See): T | null {
    return bool.read(cursor) ? this.element.visit(cursor, path, see) : null;
  }
}

export function optional<T>(element: Type<T>): OptionalType<T> {
  return new OptionalType(element);
}
