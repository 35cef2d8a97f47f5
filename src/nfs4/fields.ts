import type { Cursor } from "../xdr/cursor.ts";
import {
  ArrayType,
  type Fields,
  FixedArrayType,
  LinkedListType,
  OptionalType,
  type See,
  StructType,
  struct,
  type Type,
  UnionType,
  uint32,
} from "../xdr/types.ts";
import { callbackOperationOf } from "./callback-table.ts";
import type { Compound, CompoundKind } from "./compound.ts";
import { operationOf } from "./op-table.ts";
import type { Operation } from "./operation.ts";
import { nfsstat4, utf8str_cs } from "./types.ts";

/** What comes before the operations. RFC 8881 §16.2 and §20.2 */
const HEADERS: Readonly<Record<CompoundKind, Type<unknown>>> = {
  call: struct("COMPOUND4args", { tag: utf8str_cs, minorversion: uint32, argarray_count: uint32 }),
  reply: struct("COMPOUND4res", { status: nfsstat4, tag: utf8str_cs, resarray_count: uint32 }),
  "callback-call": struct("CB_COMPOUND4args", {
    tag: utf8str_cs,
    minorversion: uint32,
    callback_ident: uint32,
    argarray_count: uint32,
  }),
  "callback-reply": struct("CB_COMPOUND4res", { status: nfsstat4, tag: utf8str_cs, resarray_count: uint32 }),
};

function isCallback(kind: CompoundKind): boolean {
  return kind === "callback-call" || kind === "callback-reply";
}

/** The declaration of operation `index` of a skimmed compound. */
export function operationAt(compound: Compound, index: number): Operation {
  if (index >= compound.count) throw new RangeError(`operation ${index} of ${compound.count}`);
  const number = compound.ops[index];
  // The skim went through the same tables, so whatever it counted is there.
  return (isCallback(compound.kind) ? callbackOperationOf(number) : operationOf(number))!;
}

/** The type that operation `index` has in this kind of compound: its arguments or its result. */
export function typeAt(compound: Compound, index: number): Type<unknown> {
  const { args, res } = operationAt(compound, index);
  return compound.kind === "call" || compound.kind === "callback-call" ? args : res;
}

/** What dotted names of an operation's fields begin with: `sequence`. */
export function operationPath(operation: Operation): string {
  return operation.name.toLowerCase();
}

/**
 * The value of operation `index`. The cursor holds the record that the compound was skimmed from. Throws an XdrError
 * where a value is not what the skim, which only looks at extents, took it for.
 */
export function decodeOperation(compound: Compound, index: number, cursor: Cursor): unknown {
  const type = typeAt(compound, index);
  return type.read(cursor.seek(compound.starts[index]));
}

/** The same for one who knows which type to expect; a RangeError if the operation has another. */
export function decodeAs<T>(type: Type<T>, compound: Compound, index: number, cursor: Cursor): T {
  if (typeAt(compound, index) !== type) throw new RangeError(`operation ${index} is not a ${type.name}`);
  return type.read(cursor.seek(compound.starts[index]));
}

/** Tells `see` of every field of operation `index` with its logical byte span: `sequence.sa_slotid`. */
export function visitOperation(compound: Compound, index: number, cursor: Cursor, see: See): unknown {
  const path = operationPath(operationAt(compound, index));
  return typeAt(compound, index).visit(cursor.seek(compound.starts[index]), path, see);
}

/** Tells `see` of tag, minor version, status and operation count: `compound.minorversion`. */
export function visitHeader(compound: Compound, cursor: Cursor, see: See): unknown {
  const path = isCallback(compound.kind) ? "cb_compound" : "compound";
  return HEADERS[compound.kind].visit(cursor.seek(compound.start), path, see);
}

/** A field that a type can have, without looking at bytes. `[]` stands for any element of a list. */
export interface FieldName {
  readonly path: string;
  readonly type: Type<unknown>;
}

/** Every field that can occur below `path`, for completion and for checking a filter before it runs. */
export function fieldNames(type: Type<unknown>, path: string): FieldName[] {
  const named = (name: string, inner: Type<unknown>): FieldName[] => [
    { path: `${path}.${name}`, type: inner },
    ...fieldNames(inner, `${path}.${name}`),
  ];
  if (type instanceof StructType)
    return Object.entries(type.fields as Fields).flatMap(([name, inner]) => named(name, inner));
  if (type instanceof UnionType) {
    const branches = [...type.branches.values(), ...(type.fallback === null ? [] : [type.fallback])];
    const arms = new Map(
      branches.flatMap(({ field, type: inner }) => (field === null ? [] : [[field, inner] as const])),
    );
    return [
      { path: `${path}.${type.discriminantName}`, type: type.discriminant },
      ...[...arms].flatMap(([name, inner]) => named(name, inner)),
    ];
  }
  if (type instanceof OptionalType) return fieldNames(type.element, path);
  if (type instanceof ArrayType || type instanceof FixedArrayType || type instanceof LinkedListType) {
    return [{ path: `${path}[]`, type: type.element }, ...fieldNames(type.element, `${path}[]`)];
  }
  return [];
}
