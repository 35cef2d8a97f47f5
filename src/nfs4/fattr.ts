import { Cursor } from "../xdr/cursor.ts";
import { XdrError } from "../xdr/errors.ts";
import { Sink } from "../xdr/sink.ts";
import { bitsOf, type See, wordsOf } from "../xdr/types.ts";
import {
  ATTRIBUTES,
  type Attribute,
  type AttributeName,
  type AttributeNumber,
  type AttributeValue,
  type AttributeValues,
  attributeNumbered,
} from "./attributes.ts";
import { type MaskedValues, readMasked } from "./masked-values.ts";
import type { fattr4 } from "./types.ts";

/** The attributes of a fattr4: `known` by RFC name, and what could not be read. */
export interface Attributes extends MaskedValues {
  readonly known: AttributeValues;
}

/** Reads the attributes up to the first that is unknown or damaged; never throws. RFC 8881 §3.3.7 */
export function readAttributes(fattr: fattr4): Attributes {
  return readMasked(fattr.attrmask, fattr.attr_vals, attributeNumbered);
}

/**
 * The same, and tells `see` of each attribute. `end` is the logical offset where the fattr4 ends, which is what a
 * visit tells of it: its last bytes are the attributes and their padding.
 */
export function visitAttributes(fattr: fattr4, end: number, path: string, see: See): Attributes {
  const length = fattr.attr_vals.length;
  const start = end - length - (-length & 3);
  return readMasked(fattr.attrmask, fattr.attr_vals, attributeNumbered, { path, start, see });
}

/** Whether a mask has the bit. */
export function hasBit(mask: readonly number[], bit: number): boolean {
  const index = bit >>> 5;
  return index < mask.length && ((mask[index] >>> (bit & 31)) & 1) === 1;
}

/** One attribute, without reading the others; undefined if it is not there or cannot be reached. */
export function attributeOf<N extends AttributeNumber>(fattr: fattr4, number: N): AttributeValue<N> | undefined {
  if (!hasBit(fattr.attrmask, number)) return undefined;
  const cursor = new Cursor().reset(fattr.attr_vals, 0, fattr.attr_vals.length);
  try {
    for (const bit of bitsOf(fattr.attrmask)) {
      const type = attributeNumbered(bit)?.type;
      if (type === undefined) return undefined;
      if (bit === number) return type.read(cursor) as AttributeValue<N>;
      type.skip(cursor);
    }
  } catch (error) {
    if (!(error instanceof XdrError)) throw error;
  }
  return undefined;
}

/** A fattr4 with these attributes. */
export function writeAttributes(values: AttributeValues): fattr4 {
  const given = Object.entries(values).map(([name, value]) => {
    const attribute: Attribute = ATTRIBUTES[name as AttributeName];
    if (attribute === undefined) throw new RangeError(`no attribute ${name}`);
    return { attribute, value };
  });
  given.sort((left, right) => left.attribute.number - right.attribute.number);
  const sink = new Sink();
  for (const { attribute, value } of given) attribute.type.write(sink, value);
  return { attrmask: wordsOf(given.map(({ attribute }) => attribute.number)), attr_vals: sink.finish() };
}

/** The mask that asks for these attributes. */
export function attributeMask(...names: AttributeName[]): number[] {
  return wordsOf(names.map((name) => ATTRIBUTES[name].number));
}
