import { safeJson } from "../text/safe-json.ts";

/** Bytes handed on at once: lines are far smaller, and a write for each would cost more than making it. */
export const CHUNK_BYTES = 131_072;
/** Chunks that are kept to be filled again. */
const SPARE_CHUNKS_MAX = 16;

const LINE_FEED = 10;
/** UTF-8 takes at most so many bytes for a UTF-16 unit. */
const UTF8_BYTES_MAX = 3;
const encoder = new TextEncoder();

/** Takes bytes; they may be changed again when it resolves. */
export type ByteWriter = (bytes: Uint8Array) => Promise<void>;

/** Lines on their way out, in large chunks. A full one is handed on at once, whoever made it waits later. */
export class LineChunks {
  /** The chunk being filled. */
  bytes: Uint8Array = new Uint8Array(CHUNK_BYTES);
  /** How far. */
  length = 0;
  readonly #write: ByteWriter;
  #writing: Promise<void>[] = [];
  /** Handed on, and used again once they are written. */
  #lent: Uint8Array[] = [];
  readonly #spare: Uint8Array[] = [];

  constructor(write: ByteWriter) {
    this.#write = write;
  }

  /** Some were handed on since the last `flush`. */
  get isWriting(): boolean {
    return this.#writing.length > 0;
  }

  /** Sees to it that so many more bytes find room in `bytes`. */
  reserve(room: number): void {
    if (this.length + room <= this.bytes.length) return;
    this.#handOn();
    if (room > this.bytes.length) this.bytes = new Uint8Array(room);
  }

  /** One JSON value on a line of its own. */
  line(value: unknown): void {
    const text = safeJson(value);
    this.reserve(text.length * UTF8_BYTES_MAX + 1);
    const { written } = encoder.encodeInto(text, this.bytes.subarray(this.length));
    this.length += written;
    this.bytes[this.length++] = LINE_FEED;
  }

  /** Resolves when all lines are written. */
  async flush(): Promise<void> {
    this.#handOn();
    const writing = this.#writing;
    const lent = this.#lent;
    this.#writing = [];
    this.#lent = [];
    await Promise.all(writing);
    for (const chunk of lent) if (this.#spare.length < SPARE_CHUNKS_MAX) this.#spare.push(chunk);
  }

  #handOn(): void {
    if (this.length === 0) return;
    const { bytes } = this;
    this.#writing.push(this.#write(bytes.subarray(0, this.length)));
    // The others are not held: a writer that takes them at once leaves no more of them than these in memory.
    if (bytes.length === CHUNK_BYTES && this.#lent.length < SPARE_CHUNKS_MAX) this.#lent.push(bytes);
    this.bytes = this.#spare.pop() ?? new Uint8Array(CHUNK_BYTES);
    this.length = 0;
  }
}
