import { expect, test } from "vitest";
import { blankFrame } from "../../src/capture/blank-frame.ts";
import type { Frame, FrameReader } from "../../src/capture/frame.ts";
import { BatchMemory, ReceivedBatch } from "../../src/capture/frame-batch.ts";

const UNKNOWN_TIME: Partial<Frame> = { seconds: Number.NaN };
const EXTREME: Partial<Frame> = {
  seconds: -62_135_596_800,
  nanos: 999_999_999,
  interfaceId: 65_535,
  linkType: 65_535,
  fcsLength: 255,
  originalLength: 4_294_967_295,
};

/** Gives out one chunk of frames that lie one after the other, `gap` bytes between them. */
function reader(frames: readonly Partial<Frame>[], lengths: readonly number[], gap = 16, firstNumber = 1) {
  const bytes = Uint8Array.from(
    { length: lengths.reduce((sum, length) => sum + gap + length, 0) },
    (_, at) => at % 251,
  );
  let at = 0;
  let offset = 0;
  const next = (frame: Frame) => {
    if (at === frames.length) return false;
    const length = lengths[at]!;
    Object.assign(frame, blankFrame(), frames[at], { number: firstNumber + at, bytes, offset: offset + gap, length });
    offset += gap + length;
    at++;
    return true;
  };
  return { next } as unknown as FrameReader;
}

function framesOf(memory: BatchMemory, into = new ReceivedBatch()): unknown[] {
  into.copy(memory.batch());
  return read(into);
}

function described({ bytes, offset, length, ...rest }: Frame): unknown {
  return { ...rest, bytes: [...bytes.subarray(offset, offset + length)] };
}

function read(from: Pick<FrameReader, "next">): unknown[] {
  const frame = blankFrame();
  const frames: unknown[] = [];
  while (from.next(frame)) frames.push(described(frame));
  return frames;
}

test("frames come out as they went in", () => {
  const frames = [{}, UNKNOWN_TIME, EXTREME, { originalLength: 9000, linkType: 276 }];
  const lengths = [60, 0, 1, 500];
  const memory = new BatchMemory(0, 4096);
  expect(memory.take(reader(frames, lengths))).toBe(false);
  expect(framesOf(memory)).toEqual(read(reader(frames, lengths)));
});

test("several chunks in one batch, and one that is larger than the batch was meant to be", () => {
  const memory = new BatchMemory(3, 4096);
  const chunks = () => [reader([{}, {}], [100, 200]), reader([{}], [0], 16, 3), reader([{}, {}], [70_000, 1], 16, 4)];
  for (const chunk of chunks()) memory.take(chunk);
  expect(memory.isFull).toBe(true);
  expect(framesOf(memory)).toEqual(chunks().flatMap(read));
  expect(memory.batch().slot).toBe(3);
});

test("a batch of very short frames is full before its bytes are", () => {
  const memory = new BatchMemory(0, 4096);
  const source = reader(Array(40).fill({}), Array(40).fill(1), 16, 7);
  expect(memory.take(source)).toBe(true);
  expect(memory.isFull).toBe(true);
  const received = new ReceivedBatch();
  const first = framesOf(memory, received);
  memory.clear();
  expect(memory.isEmpty).toBe(true);
  expect(memory.take(source)).toBe(false);
  const all = [...first, ...framesOf(memory, received)];
  expect(all).toEqual(read(reader(Array(40).fill({}), Array(40).fill(1), 16, 7)));
});

test("a reader without frames leaves it empty", () => {
  const memory = new BatchMemory(0, 4096);
  expect(memory.take(reader([], []))).toBe(false);
  expect(memory.isEmpty).toBe(true);
});
