import {
  ArrayType,
  BitmapType,
  bool,
  bytesOf,
  EnumerationType,
  FixedArrayType,
  FixedOpaqueType,
  int32,
  int64,
  LinkedListType,
  OpaqueType,
  OptionalType,
  PayloadType,
  payloadOf,
  StructType,
  TextType,
  type Type,
  textOf,
  UnionType,
  uint32,
  uint64,
  voidType,
} from "../../src/xdr/types.ts";
import { integer, pick } from "./random.ts";

type Next = () => number;

const WORDS = [0, 1, 2, 3, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const LONGS = [0n, 1n, 0xffff_ffffn, 0x1_0000_0000n, 0x7fff_ffff_ffff_ffffn, 0xffff_ffff_ffff_ffffn];

function bytes(next: Next, length: number): Uint8Array {
  return Uint8Array.from({ length }, () => integer(next, 0, 255));
}

function text(next: Next, max: number): string {
  const drawn = pick(next, [
    "",
    "a",
    "file-1",
    "grüße",
    "\u{1f988}",
    "\ufeffx",
    textOf(bytes(next, integer(next, 0, 9))),
  ]);
  return bytesOf(drawn).length <= max ? drawn : "";
}

function unionValue(type: UnionType<string, number | boolean, never, undefined>, next: Next): unknown {
  const cases = [...type.branches.keys()];
  if (type.fallback !== null) {
    // Numbers that no case names, so that the default gets its turn.
    const isBool = (type.discriminant as unknown) === bool;
    cases.push(...(isBool ? [0, 1] : [0, 1, 13, 10008, 999_999]).filter((each) => !type.branches.has(each)));
  }
  const selected = pick(next, cases);
  const branch = type.branches.get(selected) ?? type.fallback!;
  const value: Record<string, unknown> = {
    [type.discriminantName]: (type.discriminant as unknown) === bool ? selected === 1 : selected,
  };
  if (branch.field !== null) value[branch.field] = arbitrary(branch.type, next);
  return value;
}

function list(element: Type<unknown>, max: number, next: Next): unknown[] {
  return Array.from({ length: integer(next, 0, Math.min(max, 3)) }, () => arbitrary(element, next));
}

/** A value that the type can carry, drawn from its structure: edges of numbers, empty and odd lengths, every case. */
export function arbitrary(type: Type<unknown>, next: Next): unknown {
  if (type === uint32) return pick(next, WORDS);
  if (type === int32) return pick(next, WORDS) | 0;
  if (type === uint64) return pick(next, LONGS);
  if (type === int64) return BigInt.asIntN(64, pick(next, LONGS));
  if (type === bool) return next() < 0.5;
  if (type === voidType) return undefined;
  if (type instanceof EnumerationType) return pick(next, [...Object.values(type.table), 77_777]);
  if (type instanceof FixedOpaqueType) return bytes(next, type.length);
  if (type instanceof OpaqueType) return bytes(next, integer(next, 0, Math.min(type.max, 9)));
  if (type instanceof PayloadType) return payloadOf(bytes(next, integer(next, 0, Math.min(type.max, 99))));
  if (type instanceof TextType) return text(next, type.max);
  if (type instanceof BitmapType) return Array.from({ length: integer(next, 0, 3) }, () => pick(next, WORDS));
  if (type instanceof OptionalType) return next() < 0.3 ? null : arbitrary(type.element, next);
  if (type instanceof ArrayType || type instanceof LinkedListType) return list(type.element, type.max, next);
  if (type instanceof FixedArrayType) return Array.from({ length: type.length }, () => arbitrary(type.element, next));
  if (type instanceof StructType) {
    const fields = Object.entries(type.fields as Record<string, Type<unknown>>);
    return Object.fromEntries(fields.map(([name, field]) => [name, arbitrary(field, next)]));
  }
  if (type instanceof UnionType) return unionValue(type as never, next);
  throw new Error(`no way to draw a ${type.name}`);
}
