import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import { FixedType } from "./type.ts";

/** Names and numbers of an enumeration, in RFC spelling. */
export type EnumerationTable = Readonly<Record<string, number>>;

/**
 * An enumeration. Values are numbers: a number without a name is kept, because a later RFC may have named it, and a
 * reader that refused it would lose everything behind it.
 */
export class EnumerationType extends FixedType<number> {
  readonly table: EnumerationTable;
  private readonly names = new Map<number, string>();

  constructor(name: string, table: EnumerationTable) {
    super(name, 4);
    this.table = table;
    for (const [key, value] of Object.entries(table)) if (!this.names.has(value)) this.names.set(value, key);
  }

  /** The RFC's name of a value, or undefined. */
  nameOf(value: number): string | undefined {
    return this.names.get(value);
  }

  read(cursor: Cursor): number {
    return cursor.u32();
  }

  write(sink: Sink, value: number): void {
    if (value !== value >>> 0) throw new RangeError(`${value} is not a ${this.name}`);
    sink.u32(value);
  }
}

export function enumeration(name: string, table: EnumerationTable): EnumerationType {
  return new EnumerationType(name, table);
}
