/**
 * What a terminal would act on or a reader could not see: C0 and C1 controls, DEL, zero-width and
 * bidirectional format characters, line and paragraph separators, tags, lone surrogates.
 */
const UNSAFE =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/gu;

/** Text from a capture, a file name or a message made of them, with everything unsafe made visible. */
export function escapeText(text: string): string {
  return text.replace(UNSAFE, (unsafe) => {
    const code = unsafe.codePointAt(0) as number;
    return code <= 0xff ? `\\x${code.toString(16).padStart(2, "0")}` : `\\u{${code.toString(16)}}`;
  });
}

/** The same for bytes that should be UTF-8; those that are not become `\xNN`. */
export function escapeUtf8(bytes: Uint8Array): string {
  const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
  let text = "";
  for (let at = 0; at < bytes.length; ) {
    const length = utf8Length(bytes[at] as number);
    try {
      if (length === 0) throw new TypeError("not a first byte");
      text += escapeText(decoder.decode(bytes.subarray(at, at + length)));
      at += length;
    } catch {
      text += `\\x${(bytes[at] as number).toString(16).padStart(2, "0")}`;
      at++;
    }
  }
  return text;
}

/** Length of the sequence that a first byte announces, 0 when none starts with it. */
function utf8Length(first: number): number {
  if (first < 0x80) return 1;
  if (first < 0xc2) return 0;
  if (first < 0xe0) return 2;
  if (first < 0xf0) return 3;
  return first < 0xf5 ? 4 : 0;
}

/** Bytes written as hexadecimal digits. */
export function bytesOfHex(hex: string): Uint8Array {
  return Uint8Array.from({ length: hex.length >> 1 }, (_, i) => Number.parseInt(hex.slice(2 * i, 2 * i + 2), 16));
}
