const SESSIONID_LENGTH = 16;
/** Slots of the table; a capture with more live sessions than this converts an id now and then again. */
const KEPT = 256;

/** Turns the 16 bytes of a session id into text; ids seen lately come out of a table. */
export class SessionIds {
  readonly #bytes = new Uint8Array(KEPT * SESSIONID_LENGTH);
  readonly #texts: string[] = new Array(KEPT).fill("");

  /** 32 lower-case hexadecimal digits. */
  textOf(bytes: Uint8Array, at: number): string {
    const slot = this.#slotOf(bytes, at);
    if (!this.#holds(slot, bytes, at)) {
      this.#texts[slot] = hexOf(bytes, at, SESSIONID_LENGTH);
      this.#bytes.set(bytes.subarray(at, at + SESSIONID_LENGTH), slot * SESSIONID_LENGTH);
    }
    return this.#texts[slot]!;
  }

  #slotOf(bytes: Uint8Array, at: number): number {
    let sum = 0;
    for (let i = 0; i < SESSIONID_LENGTH; i++) sum = (Math.imul(sum, 31) + bytes[at + i]!) | 0;
    return sum & (KEPT - 1);
  }

  #holds(slot: number, bytes: Uint8Array, at: number): boolean {
    if (this.#texts[slot] === "") return false;
    const from = slot * SESSIONID_LENGTH;
    for (let i = 0; i < SESSIONID_LENGTH; i++) if (this.#bytes[from + i] !== bytes[at + i]) return false;
    return true;
  }
}

/** Lower-case hexadecimal digits of `length` bytes. */
export function hexOf(bytes: Uint8Array, at = 0, length = bytes.length): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + at, length).toString("hex");
}
