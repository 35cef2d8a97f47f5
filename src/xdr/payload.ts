import type { Cursor } from "./cursor.ts";
import { LENGTH_MAX, readLength } from "./opaque.ts";
import type { Sink } from "./sink.ts";
import { Type } from "./type.ts";

/** Bulk data: its true length, and its bytes or only the first of them where the record layer left the rest out. */
export interface Payload {
  readonly length: number;
  readonly bytes: Uint8Array;
}

/** On the wire an opaque; skipping it tells the cursor where it was, and reading it is content with its beginning. */
export class PayloadType extends Type<Payload> {
  readonly max: number;

  constructor(max: number) {
    super(max === LENGTH_MAX ? "opaque<>" : `opaque<${max}>`, null, 4);
    this.max = max;
  }

  read(cursor: Cursor): Payload {
    const length = readLength(cursor, this.max, this.name);
    const at = cursor.offset;
    const readable = cursor.readableOf(length);
    cursor.skip(length + (-length & 3));
    return { length, bytes: cursor.bytes.subarray(at, at + readable) };
  }

  write(sink: Sink, value: Payload): void {
    if (value.length > this.max) throw new RangeError(`${value.length} bytes are not an ${this.name}`);
    if (value.bytes.length !== value.length) throw new RangeError("bulk data that was left out cannot be written");
    sink.u32(value.length);
    sink.bulk(value.bytes);
  }

  skip(cursor: Cursor): void {
    cursor.skipPayload(readLength(cursor, this.max, this.name));
  }
}

export function payload(max: number = LENGTH_MAX): PayloadType {
  return new PayloadType(max);
}

/** Bulk data that is all there. */
export function payloadOf(bytes: Uint8Array): Payload {
  return { length: bytes.length, bytes };
}
