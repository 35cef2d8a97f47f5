import type { Sink } from "../xdr/sink.ts";
import { bytesOf, type Type } from "../xdr/types.ts";
import type { Operation } from "./operation.ts";

/** An operation with its arguments, or with its result. */
export interface OperationValue {
  readonly operation: Operation;
  readonly value: unknown;
}

/** What an operation looks like in a call: checks the value's type against the declaration's. */
export function call<A, R>(operation: Operation<A, R>, value: A): OperationValue {
  return { operation, value };
}

/** What an operation looks like in a reply. */
export function result<A, R>(operation: Operation<A, R>, value: R): OperationValue {
  return { operation, value };
}

function writeTag(sink: Sink, tag: string): void {
  const bytes = bytesOf(tag);
  sink.u32(bytes.length);
  sink.padded(bytes);
}

function writeOperations(
  sink: Sink,
  values: readonly OperationValue[],
  typeOf: (operation: Operation) => Type<unknown>,
): void {
  sink.u32(values.length);
  for (const { operation, value } of values) {
    sink.u32(operation.number);
    typeOf(operation).write(sink, value);
  }
}

/** Writes COMPOUND4args. RFC 8881 §16.2.1 */
export function writeCall(sink: Sink, tag: string, minorVersion: number, calls: readonly OperationValue[]): void {
  writeTag(sink, tag);
  sink.u32(minorVersion);
  writeOperations(sink, calls, ({ args }) => args);
}

/** Writes COMPOUND4res, and CB_COMPOUND4res, which is the same. RFC 8881 §16.2.2 and §20.2.2 */
export function writeReply(sink: Sink, status: number, tag: string, results: readonly OperationValue[]): void {
  sink.u32(status);
  writeTag(sink, tag);
  writeOperations(sink, results, ({ res }) => res);
}

/** Writes CB_COMPOUND4args. callback_ident is 0 where sessions are used. RFC 8881 §20.2.1 */
export function writeCallbackCall(
  sink: Sink,
  tag: string,
  minorVersion: number,
  callbackIdent: number,
  calls: readonly OperationValue[],
): void {
  writeTag(sink, tag);
  sink.u32(minorVersion);
  sink.u32(callbackIdent);
  writeOperations(sink, calls, ({ args }) => args);
}
