import type { OperationValue } from "../nfs4/compound-writer.ts";
import { operationName } from "../nfs4/constants.ts";
import type { Cursor } from "../xdr/cursor.ts";
import type { Sink } from "../xdr/sink.ts";
import { Type } from "../xdr/types.ts";

/** Bytes that are arguments only by claim: whatever is left. */
class VerbatimType extends Type<Uint8Array> {
  read(cursor: Cursor): Uint8Array {
    return cursor.take(cursor.remaining);
  }

  write(sink: Sink, value: Uint8Array): void {
    sink.raw(value);
  }

  skip(cursor: Cursor): void {
    cursor.skip(cursor.remaining);
  }
}

const verbatim = new VerbatimType("bytes", null, 0);
const NO_BYTES = new Uint8Array(0);

/** An operation of any number with any bytes for arguments: unknown, damaged, or cut short. */
export function rawOperation(number: number, args: Uint8Array = NO_BYTES): OperationValue {
  return {
    operation: { name: operationName(number), rfc: "", args: verbatim, res: verbatim, number, minMinor: 0 },
    value: args,
  };
}
