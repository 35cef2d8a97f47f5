import type { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import {
  ArrayType,
  FixedArrayType,
  LinkedListType,
  OptionalType,
  type Payload,
  PayloadType,
  StructType,
  type Type,
  UnionType,
} from "../xdr/types.ts";
import { callbackOperationOf } from "./callback-table.ts";
import type { Compound } from "./compound.ts";
import { callbackOperationName, operationName } from "./constants.ts";
import { operationPath } from "./fields.ts";
import { PAYLOAD_HASHED_BYTES } from "./fingerprint.ts";
import { operationOf } from "./op-table.ts";
import type { Operation } from "./operation.ts";
import { firstDifferingPlace, valueText } from "./value-text.ts";

/** A skimmed call, or the beginning of one, and the numbers of all its operations. */
export interface Request {
  readonly numbers: readonly number[];
  /** Index of the first operation in `compound`: those before it are not compared. */
  readonly from: number;
  readonly compound: Compound;
  readonly cursor: Cursor;
}

/** Where two requests first differ, in words. */
export interface Difference {
  readonly operation: number;
  readonly name: string;
  readonly path: string;
  readonly before: string;
  readonly after: string;
}

/** A field that holds no others. */
interface Leaf {
  readonly path: string;
  readonly value: unknown;
  readonly type: Type<unknown>;
}

/** The leaves of one operation; `isCut`: there are more, which are not known. */
interface Leaves {
  readonly found: readonly Leaf[];
  readonly isCut: boolean;
}

/**
 * The first operation, or field of its arguments, in which `after` differs from `before`. Of bulk data the length and the
 * first PAYLOAD_HASHED_BYTES count. Null if no difference is found in what is there of both.
 */
export function firstDifference(before: Request, after: Request): Difference | null {
  const isCallback = after.compound.kind === "callback-call";
  const count = Math.max(before.numbers.length, after.numbers.length);
  for (let index = before.from; index < count; index++) {
    const number = before.numbers[index];
    if (number !== after.numbers[index])
      return operationsDiffer(index, number, after.numbers[index], isCallback ? callbackOperationName : operationName);
    const operation = isCallback ? callbackOperationOf(number!) : operationOf(number!);
    if (operation === undefined) return null;
    const was = leavesOf(before, index, operation);
    const is = leavesOf(after, index, operation);
    const difference = leavesDiffer(index, operation, was, is);
    if (difference !== null || was.isCut || is.isCut) return difference;
  }
  return null;
}

/** The first operation in which two lists differ; null if they do not. */
export function firstOperationDiffering(
  before: readonly number[],
  after: readonly number[],
  nameOf: (operation: number) => string,
): Difference | null {
  const longer = before.length > after.length ? before : after;
  const index = longer.findIndex((_, i) => before[i] !== after[i]);
  return index < 0 ? null : operationsDiffer(index, before[index], after[index], nameOf);
}

function operationsDiffer(
  index: number,
  before: number | undefined,
  after: number | undefined,
  nameOf: (operation: number) => string,
): Difference {
  const name = (number: number | undefined) => (number === undefined ? "none" : nameOf(number));
  return {
    operation: index,
    name: name(before ?? after),
    path: "operation",
    before: name(before),
    after: name(after),
  };
}

function leavesDiffer(operation: number, { name }: Operation, was: Leaves, is: Leaves): Difference | null {
  const count = Math.max(was.found.length, is.found.length);
  for (let i = 0; i < count; i++) {
    const before = was.found[i];
    const after = is.found[i];
    if ((before === undefined && was.isCut) || (after === undefined && is.isCut)) return null;
    if (before?.path === after?.path) {
      if (isEqual(before!, after!)) continue;
      const { path, type } = before!;
      const place = firstDifferingPlace(before!.value, after!.value, type);
      const [old, now] = [valueText(before!.value, type, place), valueText(after!.value, type, place)];
      return { operation, name, path, before: old, after: now };
    }
    // A list has more elements in one of the two.
    const isGone = before !== undefined && !is.found.some(({ path }) => path === before.path);
    if (isGone)
      return { operation, name, path: before.path, before: valueText(before.value, before.type), after: "none" };
    return { operation, name, path: after!.path, before: "none", after: valueText(after!.value, after!.type) };
  }
  return null;
}

function leavesOf({ compound, cursor, from }: Request, place: number, operation: Operation): Leaves {
  const found: Leaf[] = [];
  const index = place - from;
  const isWhole = index < compound.count;
  // An operation that is there in part lies behind the last whole one, and its number.
  if (!isWhole && (index > compound.count || compound.partialOp !== operation.number)) return { found, isCut: true };
  const start = isWhole ? compound.starts[index]! : compound.end + 4;
  try {
    operation.args.visit(cursor.seek(start), operationPath(operation), (path, value, _start, _end, type) => {
      if (isLeaf(type, value)) found.push({ path, value, type });
    });
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
    return { found, isCut: true };
  }
  return { found, isCut: !isWhole };
}

function isLeaf(type: Type<unknown>, value: unknown): boolean {
  if (type instanceof OptionalType) return value === null || isLeaf(type.element, value);
  return !(
    type instanceof StructType ||
    type instanceof UnionType ||
    type instanceof ArrayType ||
    type instanceof FixedArrayType ||
    type instanceof LinkedListType
  );
}

function isEqual({ value, type }: Leaf, { value: other }: Leaf): boolean {
  if (type instanceof PayloadType) return isSamePayload(value as Payload, other as Payload);
  if (value instanceof Uint8Array || Array.isArray(value)) return isSameList(value, other as ArrayLike<unknown>);
  return value === other;
}

function isSamePayload(value: Payload, other: Payload): boolean {
  const beginning = ({ bytes }: Payload) => bytes.subarray(0, PAYLOAD_HASHED_BYTES);
  return value.length === other.length && isSameList(beginning(value), beginning(other));
}

function isSameList(list: ArrayLike<unknown>, other: ArrayLike<unknown>): boolean {
  if (list.length !== other.length) return false;
  for (let i = 0; i < list.length; i++) if (list[i] !== other[i]) return false;
  return true;
}
