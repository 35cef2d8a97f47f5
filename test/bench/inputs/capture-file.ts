import { closeSync, openSync, writeSync } from "node:fs";
import { writePcap } from "../../support/capture-writer.ts";

const BUFFER_BYTES = 1 << 20;
const RECORD_HEADER_BYTES = 16;
const FIRST_SECOND = 1_700_000_000;
/** Frames that the network delivered one frame late. */
const LATE_PART = 0.01;
/** Spreads them: not the first that might be late is. */
const LATE_CHANCE = 0.1;

export interface CaptureOptions {
  next: () => number;
  /** Mean time between frames. */
  microsApart: number;
  /** Whether the capture lost the next frame; it loses none if absent. */
  isLost?: (() => boolean) | undefined;
}

/** A pcap that is written as its frames come and never held in memory. */
export class CaptureFile {
  frames = 0;
  lost = 0;
  late = 0;
  bytes = 0;
  /** Since the first frame. */
  micros = 0;
  readonly #options: CaptureOptions;
  readonly #file: number;
  readonly #buffer = new Uint8Array(BUFFER_BYTES);
  readonly #view = new DataView(this.#buffer.buffer);
  #used = 0;
  #held: Uint8Array | null = null;

  constructor(path: string, options: CaptureOptions) {
    this.#options = options;
    this.#file = openSync(path, "w");
    this.#buffer.set(writePcap({}, []));
    this.#used = this.bytes = writePcap({}, []).length;
  }

  /** The next frame: `head` and a part of `payload`. One that another is sure to follow may come after that other. */
  frame(head: Uint8Array, payload: Uint8Array, from: number, to: number, isFollowed = false): void {
    const held = this.#held;
    if (isFollowed && held === null && this.#isLate()) {
      this.#held = new Uint8Array(head.length + to - from);
      this.#held.set(head);
      this.#held.set(payload.subarray(from, to), head.length);
      return;
    }
    this.#put(head, payload, from, to);
    if (held === null) return;
    this.#held = null;
    this.late++;
    this.#put(held, held, 0, 0);
  }

  close(): void {
    this.#flush();
    closeSync(this.#file);
  }

  #isLate(): boolean {
    return this.late < LATE_PART * this.frames && this.#options.next() < LATE_CHANCE;
  }

  #put(head: Uint8Array, payload: Uint8Array, from: number, to: number): void {
    const { next, microsApart, isLost } = this.#options;
    this.micros += 1 + Math.floor(next() * 2 * microsApart);
    if (isLost?.()) {
      this.lost++;
      return;
    }
    const length = head.length + to - from;
    if (this.#used + RECORD_HEADER_BYTES + length > BUFFER_BYTES) this.#flush();
    const at = this.#used;
    const view = this.#view;
    view.setUint32(at, FIRST_SECOND + Math.floor(this.micros / 1e6), true);
    view.setUint32(at + 4, this.micros % 1e6, true);
    view.setUint32(at + 8, length, true);
    view.setUint32(at + 12, length, true);
    this.#buffer.set(head, at + RECORD_HEADER_BYTES);
    if (to > from) this.#buffer.set(payload.subarray(from, to), at + RECORD_HEADER_BYTES + head.length);
    this.#used += RECORD_HEADER_BYTES + length;
    this.bytes += RECORD_HEADER_BYTES + length;
    this.frames++;
  }

  #flush(): void {
    writeSync(this.#file, this.#buffer, 0, this.#used);
    this.#used = 0;
  }
}
