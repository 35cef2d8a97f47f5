import type { Cursor } from "./cursor.ts";
import { LENGTH_MAX, readLength, skipPadded, takePadded } from "./opaque.ts";
import type { Sink } from "./sink.ts";
import { SkipStep } from "./skip-step.ts";
import { Type } from "./type.ts";

const ESCAPE_BASE = 0xdc00;
const LONE_SURROGATE = /\p{Surrogate}/u;

const SHORT_LENGTH_MAX = 32;

const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
const encoder = new TextEncoder();

/** Length of the valid UTF-8 sequence at `at`, or 0. RFC 3629 §4 */
function sequenceLength(bytes: Uint8Array, at: number): number {
  const first = bytes[at];
  if (first < 0x80) return 1;
  const length = first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
  if (length === 0 || at + length > bytes.length) return 0;
  const second = bytes[at + 1];
  const low = first === 0xe0 ? 0xa0 : first === 0xf0 ? 0x90 : 0x80;
  const high = first === 0xed ? 0x9f : first === 0xf4 ? 0x8f : 0xbf;
  if (second < low || second > high) return 0;
  for (let i = at + 2; i < at + length; i++) if ((bytes[i] & 0xc0) !== 0x80) return 0;
  return length;
}

function decodeEscaping(bytes: Uint8Array): string {
  const parts: string[] = [];
  let validFrom = 0;
  for (let at = 0; at < bytes.length; ) {
    const length = sequenceLength(bytes, at);
    if (length > 0) {
      at += length;
      continue;
    }
    if (at > validFrom) parts.push(strict.decode(bytes.subarray(validFrom, at)));
    parts.push(String.fromCharCode(ESCAPE_BASE + bytes[at]));
    at++;
    validFrom = at;
  }
  if (validFrom < bytes.length) parts.push(strict.decode(bytes.subarray(validFrom)));
  return parts.join("");
}

/**
 * Bytes as a string from which `bytesOf` makes the very same bytes. Names in the wild are not always UTF-8, and a name
 * that changes on its way to the replayer is another file: a byte that is not UTF-8 becomes a lone surrogate
 * U+DC80..U+DCFF, which valid UTF-8 never yields (the way of Python's PEP 383).
 */
export function textOf(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes);
  } catch {
    return decodeEscaping(bytes);
  }
}

/** For names and numbers, which are nearly all there is, the encoder takes longer to call than to work. */
function shortAscii(text: string): Uint8Array | null {
  const bytes = new Uint8Array(text.length);
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code > 0x7f) return null;
    bytes[at] = code;
  }
  return bytes;
}

/** The bytes of a string made by `textOf`; any other string as UTF-8. */
export function bytesOf(text: string): Uint8Array {
  const short = text.length <= SHORT_LENGTH_MAX ? shortAscii(text) : null;
  if (short !== null) return short;
  if (!LONE_SURROGATE.test(text)) return encoder.encode(text);
  const bytes: number[] = [];
  for (const character of text) {
    const code = character.codePointAt(0)!;
    if (code >= ESCAPE_BASE + 0x80 && code <= ESCAPE_BASE + 0xff) bytes.push(code - ESCAPE_BASE);
    else bytes.push(...encoder.encode(character));
  }
  return Uint8Array.from(bytes);
}

/** `utf8string name<max>`: a string that keeps the exact bytes. */
export class TextType extends Type<string> {
  readonly max: number;

  constructor(max: number) {
    super(max === LENGTH_MAX ? "utf8string" : `utf8string<${max}>`, null, 4);
    this.max = max;
  }

  read(cursor: Cursor): string {
    return textOf(takePadded(cursor, readLength(cursor, this.max, this.name)));
  }

  write(sink: Sink, value: string): void {
    const bytes = bytesOf(value);
    if (bytes.length > this.max) throw new RangeError(`${bytes.length} bytes are not a ${this.name}`);
    sink.u32(bytes.length);
    sink.padded(bytes);
  }

  skip(cursor: Cursor): void {
    skipPadded(cursor, readLength(cursor, this.max, this.name));
  }

  override stepsBefore(next: SkipStep | null): SkipStep {
    return SkipStep.count(this.max, 1, next);
  }
}

export function utf8string(max: number = LENGTH_MAX): TextType {
  return new TextType(max);
}
