import type { Cursor } from "./cursor.ts";
import type { Sink } from "./sink.ts";
import type { SkipStep } from "./skip-step.ts";
import { type See, stepsOver, Type, type ValueOf } from "./type.ts";

/** Fields by RFC name, in wire order. */
export type Fields = Readonly<Record<string, Type<unknown>>>;

export type StructValue<F extends Fields> = { [K in keyof F]: ValueOf<F[K]> };

/** `struct name { … }` */
export class StructType<F extends Fields> extends Type<StructValue<F>> {
  readonly fields: F;
  /** Byte offset of each field from the start of the struct; -1 behind a field of variable size. */
  readonly offsets: { readonly [K in keyof F]: number };
  private readonly names: (keyof F & string)[];
  private readonly types: Type<unknown>[];

  // How to skip: `gaps[i]` fixed bytes, then `variable[i]`; `tail` fixed bytes at the end. Nested structs are flattened
  // and neighbouring fixed fields merged, so that a struct of fixed fields costs one bounds check.
  private readonly gaps: number[] = [];
  private readonly variable: Type<unknown>[] = [];
  private readonly tail: number;

  constructor(name: string, fields: F) {
    const types = Object.values(fields);
    super(
      name,
      types.reduce<number | null>(
        (sum, { fixedSize }) => (sum === null || fixedSize === null ? null : sum + fixedSize),
        0,
      ),
      types.reduce((sum, { minSize }) => sum + minSize, 0),
    );
    this.fields = fields;
    this.names = Object.keys(fields);
    this.types = types;
    this.offsets = offsetsOf(fields);
    let gap = 0;
    for (const type of types) {
      if (type.fixedSize !== null) {
        gap += type.fixedSize;
      } else if (type instanceof StructType) {
        type.gaps.forEach((inner: number, i: number) => {
          this.gaps.push(gap + inner);
          this.variable.push(type.variable[i]);
          gap = 0;
        });
        gap = type.tail;
      } else {
        this.gaps.push(gap);
        this.variable.push(type);
        gap = 0;
      }
    }
    this.tail = gap;
  }

  read(cursor: Cursor): StructValue<F> {
    const value: Record<string, unknown> = {};
    for (let i = 0; i < this.names.length; i++) value[this.names[i]] = this.types[i].read(cursor);
    return value as StructValue<F>;
  }

  write(sink: Sink, value: StructValue<F>): void {
    for (let i = 0; i < this.names.length; i++) this.types[i].write(sink, value[this.names[i]]);
  }

  skip(cursor: Cursor): void {
    const { gaps, variable } = this;
    for (let i = 0; i < gaps.length; i++) {
      if (gaps[i] > 0) cursor.skip(gaps[i]);
      variable[i].skip(cursor);
    }
    if (this.tail > 0) cursor.skip(this.tail);
  }

  override stepsBefore(next: SkipStep | null): SkipStep | null {
    return this.types.reduceRight((after, type) => stepsOver(type, after), next);
  }

  override visit(cursor: Cursor, path: string, see: See): StructValue<F> {
    const value: Record<string, unknown> = {};
    for (let i = 0; i < this.names.length; i++) {
      const fieldPath = `${path}.${this.names[i]}`;
      const start = cursor.position;
      const field = this.types[i].visit(cursor, fieldPath, see);
      value[this.names[i]] = field;
      see(fieldPath, field, start, cursor.position, this.types[i]);
    }
    return value as StructValue<F>;
  }
}

function offsetsOf<F extends Fields>(fields: F): { readonly [K in keyof F]: number } {
  const offsets: Record<string, number> = {};
  let at = 0;
  for (const [name, { fixedSize }] of Object.entries(fields)) {
    offsets[name] = at;
    at = at < 0 || fixedSize === null ? -1 : at + fixedSize;
  }
  return offsets as { readonly [K in keyof F]: number };
}

export function struct<const F extends Fields>(name: string, fields: F): StructType<F> {
  return new StructType(name, fields);
}
