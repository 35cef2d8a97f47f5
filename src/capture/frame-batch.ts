import { blankFrame } from "./blank-frame.ts";
import type { Frame, FrameReader } from "./frame.ts";

/** What the index says of a frame: so many words, the first word being where it starts in the batch's bytes. */
const WORDS = 7;
const LENGTH = 1;
const ORIGINAL_LENGTH = 2;
const NANOS = 3;
const INTERFACE = 4;
const LINK_TYPE = 5;
const FCS_LENGTH = 6;

/** A batch has room for frames of this size on average; with shorter ones it is full before its bytes are. */
const FRAME_BYTES_AVERAGE = 128;
/** A batch is full after one more chunk than it is meant for: they are not cut. */
const BATCH_ROOM = 1.25;

/** Frames on their way from one thread to another: all in memory that both see. */
export interface FrameBatch {
  /** Which of the sender's pieces of memory this is. */
  readonly slot: number;
  /** The others' follow. */
  readonly firstNumber: number;
  readonly bytes: Uint8Array;
  readonly index: Uint32Array;
  readonly seconds: Float64Array;
}

/** One piece of the sender's memory, filled again and again. */
export class BatchMemory {
  private readonly slot: number;
  private readonly bytesMax: number;
  private readonly index: Uint32Array;
  private readonly seconds: Float64Array;
  private readonly frame = blankFrame();
  private bytes: Uint8Array;
  private used = 0;
  private count = 0;
  private firstNumber = 0;

  constructor(slot: number, bytesMax: number) {
    this.slot = slot;
    this.bytesMax = bytesMax;
    const frames = Math.ceil(bytesMax / FRAME_BYTES_AVERAGE);
    this.bytes = shared(bytesMax * BATCH_ROOM);
    this.index = new Uint32Array(new SharedArrayBuffer(frames * WORDS * Uint32Array.BYTES_PER_ELEMENT));
    this.seconds = new Float64Array(new SharedArrayBuffer(frames * Float64Array.BYTES_PER_ELEMENT));
  }

  get isEmpty(): boolean {
    return this.count === 0;
  }

  get isFull(): boolean {
    return this.used >= this.bytesMax || this.count === this.seconds.length;
  }

  /** Takes the frames that `reader` has in memory, as far as there is room; false when it has no more of them. */
  take(reader: FrameReader): boolean {
    const { frame, index, seconds } = this;
    const last = seconds.length;
    let { count } = this;
    let from = 0;
    let to = 0;
    let hasMore = true;
    while (count < last) {
      hasMore = reader.next(frame);
      if (!hasMore) break;
      if (count === 0) this.firstNumber = frame.number;
      // Frames in memory at one time lie in one buffer, in the order of the file.
      if (to === 0) from = frame.offset;
      to = frame.offset + frame.length;
      const at = count * WORDS;
      index[at] = this.used + frame.offset - from;
      index[at + LENGTH] = frame.length;
      index[at + ORIGINAL_LENGTH] = frame.originalLength;
      index[at + NANOS] = frame.nanos;
      index[at + INTERFACE] = frame.interfaceId;
      index[at + LINK_TYPE] = frame.linkType;
      index[at + FCS_LENGTH] = frame.fcsLength;
      seconds[count] = frame.seconds;
      count++;
    }
    this.count = count;
    if (to > 0) this.copy(frame.bytes, from, to);
    return hasMore;
  }

  /** What was taken; this memory is not to be touched until the receiver is done with it. */
  batch(): FrameBatch {
    const { slot, count, firstNumber } = this;
    return {
      slot,
      firstNumber,
      bytes: this.bytes.subarray(0, this.used),
      index: this.index.subarray(0, count * WORDS),
      seconds: this.seconds.subarray(0, count),
    };
  }

  clear(): void {
    this.used = 0;
    this.count = 0;
  }

  private copy(source: Uint8Array, from: number, to: number): void {
    const { used, bytes } = this;
    const end = used + to - from;
    if (end > bytes.length) {
      this.bytes = shared(end);
      this.bytes.set(bytes.subarray(0, used));
    }
    this.bytes.set(source.subarray(from, to), used);
    this.used = end;
  }
}

function shared(bytes: number): Uint8Array {
  return new Uint8Array(new SharedArrayBuffer(bytes));
}

/** A batch at its receiver: copied, so that the sender's memory is free again and what reads frames meets ordinary memory. */
export class ReceivedBatch {
  private bytes = new Uint8Array(0);
  private index = new Uint32Array(0);
  private seconds = new Float64Array(0);
  private count = 0;
  private at = 0;
  private firstNumber = 0;

  /** Replaces what was here. */
  copy({ bytes, index, seconds, firstNumber }: FrameBatch): void {
    if (bytes.length > this.bytes.length) this.bytes = new Uint8Array(bytes.length * BATCH_ROOM);
    if (seconds.length > this.seconds.length) {
      this.seconds = new Float64Array(seconds.length * BATCH_ROOM);
      this.index = new Uint32Array(this.seconds.length * WORDS);
    }
    this.bytes.set(bytes);
    this.index.set(index);
    this.seconds.set(seconds);
    this.count = seconds.length;
    this.at = 0;
    this.firstNumber = firstNumber;
  }

  /** Puts the next frame into `frame`; false when there is none. */
  next(frame: Frame): boolean {
    const { at, index } = this;
    if (at === this.count) return false;
    this.at = at + 1;
    const word = at * WORDS;
    frame.number = this.firstNumber + at;
    frame.seconds = this.seconds[at];
    frame.nanos = index[word + NANOS];
    frame.interfaceId = index[word + INTERFACE];
    frame.linkType = index[word + LINK_TYPE];
    frame.fcsLength = index[word + FCS_LENGTH];
    frame.bytes = this.bytes;
    frame.offset = index[word];
    frame.length = index[word + LENGTH];
    frame.originalLength = index[word + ORIGINAL_LENGTH];
    return true;
  }
}
