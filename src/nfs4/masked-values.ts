import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import { bitsOf, type See, type Type } from "../xdr/types.ts";

/** What a bit of a mask announces. */
export interface MaskedEntry {
  readonly name: string;
  readonly type: Type<unknown>;
}

/**
 * Values that a mask announces and that follow each other in an opaque, in the order of the bits: attributes and
 * notifications. They are told apart by their types only, so the first unknown one ends what can be read.
 */
export interface MaskedValues {
  /** By the bit's name, ascending by bit. */
  readonly known: Readonly<Record<string, unknown>>;
  /** Bits that are set and were not read, ascending. */
  readonly unread: readonly number[];
  /** Their bytes, or bytes that no bit announces. */
  readonly rest: Uint8Array;
  /** Why something is left over; null if nothing is. */
  readonly trouble: string | null;
}

/** Told where `bytes` starts in the record, `see` learns of each value and what is in it. */
export interface MaskedVisit {
  readonly path: string;
  readonly start: number;
  readonly see: See;
}

/** Reads values in the order of the bits of `mask`, up to the first that is unknown or damaged. */
export function readMasked(
  mask: readonly number[],
  bytes: Uint8Array,
  entryOf: (bit: number) => MaskedEntry | undefined,
  visit?: MaskedVisit,
): MaskedValues {
  const cursor = new Cursor().reset(bytes, 0, bytes.length);
  const bits = bitsOf(mask);
  const known: Record<string, unknown> = {};
  for (let i = 0; i < bits.length; i++) {
    const entry = entryOf(bits[i]);
    const at = cursor.offset;
    const stop = (trouble: string) => ({ known, unread: bits.slice(i), rest: bytes.subarray(at), trouble });
    if (entry === undefined) return stop(`bit ${bits[i]} is unknown`);
    try {
      known[entry.name] = visit === undefined ? entry.type.read(cursor) : visitEntry(entry, cursor, visit);
    } catch (error) {
      if (error instanceof XdrError) return stop(`${entry.name}: ${error.message}`);
      throw error;
    }
  }
  const left = cursor.remaining;
  const trouble = left === 0 ? null : `${left} bytes behind the last value`;
  return { known, unread: [], rest: bytes.subarray(cursor.offset), trouble };
}

function visitEntry(entry: MaskedEntry, cursor: Cursor, { path, start, see }: MaskedVisit): unknown {
  const entryPath = `${path}.${entry.name}`;
  const at = cursor.position;
  const value = entry.type.visit(cursor, entryPath, (innerPath, inner, from, to, type) =>
    see(innerPath, inner, start + from, start + to, type),
  );
  see(entryPath, value, start + at, start + cursor.position, entry.type);
  return value;
}
