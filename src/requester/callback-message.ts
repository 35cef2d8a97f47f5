import { callbackOperationOf } from "../nfs4/callback-table.ts";
import { Compound } from "../nfs4/compound.ts";
import { type OperationValue, writeReply } from "../nfs4/compound-writer.ts";
import { fingerprint } from "../nfs4/fingerprint.ts";
import type { Operation } from "../nfs4/operation.ts";
import { CB_SEQUENCE4args } from "../nfs4/ops/callback-session.ts";
import { skimCallbackCall } from "../nfs4/skim.ts";
import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import { Sink } from "../xdr/sink.ts";
import { textOf } from "../xdr/text.ts";
import { type Fields, StructType, UnionType } from "../xdr/types.ts";

/** CB_COMPOUND4args. RFC 8881 §20.2 */
export interface CallbackMessage {
  readonly tag: string;
  readonly minorVersion: number;
  /** The leading CB_SEQUENCE; null if something else leads. */
  readonly sequence: CB_SEQUENCE4args | null;
  /** All operations that could be read. */
  readonly operations: readonly OperationValue[];
  /** The number behind the last of them that is no operation; null if there is none. */
  readonly unknownOperation: number | null;
  /** What follows the last of them is no XDR of the operation it claims to be; null if all is well. */
  readonly damagedOperation: Operation | null;
  /** Tells a false retry from a true one. */
  readonly fingerprint: number;
}

/** Reads the arguments of CB_COMPOUND in `bytes[start, end)`; null when not even their head can be read. */
export function readCallback(bytes: Uint8Array, start: number): CallbackMessage | null {
  const compound = new Compound();
  const cursor = new Cursor().reset(bytes, start, bytes.length);
  skimCallbackCall(cursor, compound, false);
  if (compound.minorVersion === -1 || (compound.error !== null && compound.declaredOps === 0)) return null;
  const operations: OperationValue[] = [];
  for (let index = 0; index < compound.count; index++) {
    const operation = callbackOperationOf(compound.ops[index]!)!;
    const value = readArguments(operation, cursor.seek(compound.starts[index]!));
    if (value === null) return message(bytes, compound, operations, operation);
    operations.push({ operation, value: value.read });
  }
  return message(bytes, compound, operations, callbackOperationOf(compound.partialOp) ?? null);
}

/** Writes the results of CB_COMPOUND. */
export function callbackReply(status: number, tag: string, results: readonly OperationValue[]): Uint8Array {
  const sink = new Sink();
  writeReply(sink, status, tag, results);
  return sink.finish();
}

/** A result that is a status and nothing else. */
export function statusResult(operation: Operation, status: number): OperationValue {
  const { res } = operation;
  const field = res instanceof UnionType ? res.discriminantName : res instanceof StructType ? firstOf(res) : null;
  if (field === null) throw new RangeError(`${operation.name} has no status`);
  return { operation, value: { [field]: status } };
}

function firstOf({ fields }: { fields: Fields }): string {
  return Object.keys(fields)[0]!;
}

/** The skim passes over values that a reader refuses: a bool of 2. */
function readArguments(operation: Operation, cursor: Cursor): { read: unknown } | null {
  try {
    return { read: operation.args.read(cursor) };
  } catch (error) {
    if (error instanceof XdrError) return null;
    throw error;
  }
}

function message(
  bytes: Uint8Array,
  compound: Compound,
  operations: readonly OperationValue[],
  damagedOperation: Operation | null,
): CallbackMessage {
  const { tagOffset, tagLength, minorVersion, unknownOp } = compound;
  const [first] = operations;
  return {
    tag: textOf(bytes.subarray(tagOffset, tagOffset + tagLength)),
    minorVersion,
    sequence: first?.operation.args === CB_SEQUENCE4args ? (first.value as CB_SEQUENCE4args) : null,
    operations,
    unknownOperation: unknownOp === -1 ? null : unknownOp >>> 0,
    damagedOperation,
    fingerprint: fingerprint(bytes, compound, 1),
  };
}
