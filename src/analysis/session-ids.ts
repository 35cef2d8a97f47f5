const SESSIONID_LENGTH = 16;
/** Slots of the table; a capture with more live sessions than this converts an id now and then again. */
const KEPT = 256;

/** Turns the 16 bytes of a session id into text; ids seen lately come out of a table. */
export class SessionIds {
  readonly #words = new Int32Array(KEPT * 4);
  readonly #texts: string[] = new Array(KEPT).fill("");

  /** 32 lower-case hexadecimal digits. */
  textOf(bytes: Uint8Array, at: number): string {
    const word0 = word(bytes, at);
    const word1 = word(bytes, at + 4);
    const word2 = word(bytes, at + 8);
    const word3 = word(bytes, at + 12);
    const words = this.#words;
    const slot = slotOf(word0, word1, word2, word3);
    const from = slot * 4;
    if (words[from] === word0 && words[from + 1] === word1 && words[from + 2] === word2 && words[from + 3] === word3) {
      const known = this.#texts[slot]!;
      if (known !== "") return known;
    }
    words[from] = word0;
    words[from + 1] = word1;
    words[from + 2] = word2;
    words[from + 3] = word3;
    const text = hexOf(bytes, at, SESSIONID_LENGTH);
    this.#texts[slot] = text;
    return text;
  }
}

function word(bytes: Uint8Array, at: number): number {
  return (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!;
}

/** Servers count up in some byte of some word: each moves all bits of the sum. */
function slotOf(word0: number, word1: number, word2: number, word3: number): number {
  let mixed = Math.imul(word0 ^ Math.imul(word1, 0x9e3779b1), 0x85ebca6b) ^ word2;
  mixed = Math.imul(mixed ^ Math.imul(word3, 0x9e3779b1), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16) ^ (mixed >>> 24)) & (KEPT - 1);
}

/** Lower-case hexadecimal digits of `length` bytes. */
export function hexOf(bytes: Uint8Array, at = 0, length = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("hex");
}
