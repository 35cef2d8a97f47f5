import { BitmapType, bitsOf, EnumerationType, type Payload, PayloadType, type Type } from "../xdr/types.ts";

/** Bytes and characters shown of a long value. */
const BYTES_SHOWN = 32;
const CHARACTERS_SHOWN = 64;
/** What is shown of a long value before the place that matters. */
const LEAD = 8;

/** A value in one short line, from about `from` (a byte or character of long values) on. Names are not escaped. */
export function valueText(value: unknown, type: Type<unknown>, from = 0): string {
  if (type instanceof PayloadType) return payloadText(value as Payload, from);
  if (type instanceof EnumerationType) return type.nameOf(value as number) ?? String(value);
  if (type instanceof BitmapType) return bitmapText(value as number[]);
  if (value instanceof Uint8Array) return bytesText(value, value.length, from);
  if (typeof value === "string") return quoted(value, from);
  return value === null || value === undefined ? "none" : String(value);
}

/** Index of the first byte or character in which two values differ; 0 where they are of another kind. */
export function firstDifferingPlace(value: unknown, other: unknown, type: Type<unknown>): number {
  const isPayload = type instanceof PayloadType;
  const [a, b] = (isPayload ? [(value as Payload).bytes, (other as Payload).bytes] : [value, other]) as string[];
  if (typeof a !== "string" && !((a as unknown) instanceof Uint8Array)) return 0;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at++;
  return at;
}

function quoted(text: string, from: number): string {
  const start = startAt(from, text.length, CHARACTERS_SHOWN);
  const end = start + CHARACTERS_SHOWN;
  return `${start > 0 ? "…" : ""}"${text.slice(start, end)}"${end < text.length ? "…" : ""}`;
}

function payloadText({ length, bytes }: Payload, from: number): string {
  return `${length} bytes, ${bytesText(bytes, length, from)}`;
}

function bytesText(bytes: Uint8Array, length: number, from: number): string {
  if (length === 0) return "empty";
  const start = startAt(from, bytes.length, BYTES_SHOWN);
  const end = start + BYTES_SHOWN;
  const digits = Buffer.from(bytes.subarray(start, end)).toString("hex");
  return `${start > 0 ? `from byte ${start} on ` : ""}0x${digits}${end < length ? "…" : ""}`;
}

function startAt(from: number, length: number, shown: number): number {
  return length <= shown || from < shown ? 0 : from - LEAD;
}

function bitmapText(words: readonly number[]): string {
  const bits = bitsOf(words);
  const text = bits.join(" ");
  return bits.length === 0
    ? "no bits"
    : `bits ${text.length > CHARACTERS_SHOWN ? `${text.slice(0, CHARACTERS_SHOWN)}…` : text}`;
}
