/** Cuts a live byte stream into RPC records. RFC 5531 §11. */
import { unfilled } from "../xdr/unfilled.ts";
import { RECORD_MARK_BYTES } from "./write.ts";

/** Fragments of one record; more than any sender makes, so few that headers alone cannot keep a reader busy. */
const FRAGMENTS_MAX = 4096;

/** The stream is no sequence of records, or of records larger than allowed. What follows cannot be understood. */
export class RecordError extends Error {
  /** Bytes of the stream before the offending record mark. */
  readonly offset: number;

  constructor(message: string, offset: number) {
    super(message);
    this.name = "RecordError";
    this.offset = offset;
  }
}

/** Gathers fragments; each whole record is handed out as one contiguous array that its taker may keep. */
export class RecordAssembler {
  readonly #recordMax: number;
  readonly #take: (record: Uint8Array) => void;
  /** Bytes of the record so far: whole fragments and the beginning of the next. */
  #record: Uint8Array | null = null;
  #filled = 0;
  #fragments = 0;
  /** Bytes that the current fragment still lacks. */
  #missing = 0;
  #isLast = false;
  readonly #mark = new Uint8Array(RECORD_MARK_BYTES);
  #markFilled = 0;
  #offset = 0;

  /** `recordMax`: bytes of the largest record, marks not counted. */
  constructor(recordMax: number, take: (record: Uint8Array) => void) {
    this.#recordMax = recordMax;
    this.#take = take;
  }

  /** Bytes of an unfinished record are waiting. */
  get isInside(): boolean {
    return this.#record !== null || this.#markFilled > 0;
  }

  /** Takes the next bytes of the stream. Throws a RecordError; nothing more may be pushed then. */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      if (this.#missing === 0) {
        at += this.#pushMark(bytes, at);
        if (this.#markFilled < RECORD_MARK_BYTES) return;
        this.#startFragment();
      } else {
        at += this.#pushData(bytes, at);
      }
      if (this.#missing === 0 && this.#isLast) this.#finish();
    }
  }

  #pushMark(bytes: Uint8Array, at: number): number {
    const count = Math.min(RECORD_MARK_BYTES - this.#markFilled, bytes.length - at);
    this.#mark.set(bytes.subarray(at, at + count), this.#markFilled);
    this.#markFilled += count;
    return count;
  }

  #startFragment(): void {
    const [first, second, third, fourth] = this.#mark as unknown as [number, number, number, number];
    const length = ((first & 0x7f) << 24) | (second << 16) | (third << 8) | fourth;
    const total = this.#filled + length;
    if (total > this.#recordMax) {
      throw new RecordError(`a record of ${total} bytes or more; ${this.#recordMax} are allowed`, this.#offset);
    }
    if (++this.#fragments > FRAGMENTS_MAX) {
      throw new RecordError(`a record of more than ${FRAGMENTS_MAX} fragments`, this.#offset);
    }
    this.#offset += RECORD_MARK_BYTES + length;
    this.#markFilled = 0;
    this.#isLast = (first & 0x80) !== 0;
    this.#missing = length;
    if (this.#record === null) this.#record = unfilled(length);
    else if (total > this.#record.length) this.#widen(total, this.#isLast);
  }

  #widen(total: number, isLast: boolean): void {
    // Doubling keeps a record of many small fragments from being copied again and again.
    const old = this.#record as Uint8Array;
    const wider = unfilled(isLast ? total : Math.max(total, old.length * 2));
    wider.set(old.subarray(0, this.#filled));
    this.#record = wider;
  }

  #pushData(bytes: Uint8Array, at: number): number {
    const count = Math.min(this.#missing, bytes.length - at);
    (this.#record as Uint8Array).set(bytes.subarray(at, at + count), this.#filled);
    this.#filled += count;
    this.#missing -= count;
    return count;
  }

  #finish(): void {
    const record = (this.#record as Uint8Array).subarray(0, this.#filled);
    this.#record = null;
    this.#filled = 0;
    this.#fragments = 0;
    this.#isLast = false;
    this.#take(record);
  }
}
