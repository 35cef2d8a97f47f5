/** Longer owner strings are cut: a message is one line. */
const SHOWN_MAX = 64;

/** A client owner for a message: as text where it is text, else in hexadecimal. */
export function ownerText(ownerHex: string): string {
  const bytes = ownerHex.match(/../g) ?? [];
  const text = bytes.map((byte) => String.fromCharCode(Number.parseInt(byte, 16))).join("");
  const shown = /^[\x20-\x7e]+$/.test(text) ? `"${text}"` : `0x${ownerHex}`;
  return shown.length <= SHOWN_MAX ? shown : `${shown.slice(0, SHOWN_MAX)}…`;
}
