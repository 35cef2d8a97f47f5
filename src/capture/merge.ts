import type { Frame, FrameReader } from "./frame.ts";
import { Lane, LaneHeap } from "./merge-lane.ts";

/** A capture to merge: an OpenedCapture is one. */
export interface MergeInput {
  readonly reader: FrameReader;
  readonly input: { readonly bytesRead: number; readonly size: number | null };
}

export interface MergeOptions {
  /** Set (by a signal handler) to end after the batch at hand. */
  signal?: { readonly aborted: boolean };
  /** Called once a batch: bytes of all inputs read, and their total or null if unknown. */
  onProgress?: (bytesRead: number, bytesTotal: number | null) => void;
  /** Called behind each batch of frames: the next one waits for it. */
  onBatch?: (() => Promise<void>) | undefined;
}

/**
 * Gives the frames of several captures to `sink` as one sequence in time, `frame.capture` telling which.
 *
 * Frames of one capture always stay in file order: what counts is the latest time reached in it, so a frame
 * whose time goes back, or that has none, follows its predecessor. Equal times: all of the capture that began
 * first (then: was given first) before the other's, so the parts of a rotated set join without mixing,
 * even when a shell sorted part 10 before part 2. The frame is reused; false if the signal ended it early.
 */
export async function mergeFrames(
  inputs: readonly MergeInput[],
  sink: (frame: Frame) => void,
  options: MergeOptions = {},
): Promise<boolean> {
  const lanes = inputs.map((input, index) => new Lane(input.reader, index));
  const progress = () => options.onProgress?.(...totals(inputs));
  for (const lane of lanes) {
    if (options.signal?.aborted) return false;
    await lane.advanceOrFill();
  }
  progress();
  rankByStart(lanes);
  const heap = new LaneHeap(lanes.filter((lane) => !lane.isEnded));
  while (heap.top !== null) {
    if (options.signal?.aborted) return false;
    const waiting = drain(heap, sink);
    await options.onBatch?.();
    await waiting.advanceOrFill();
    if (waiting.isEnded) heap.removeTop();
    else heap.settleTop();
    progress();
  }
  return true;
}

/** Gives out frames until a lane has none left in memory; that lane is on top of the heap. */
function drain(heap: LaneHeap, sink: (frame: Frame) => void): Lane {
  let lane = heap.top as Lane;
  for (;;) {
    sink(lane.frame);
    if (!lane.advance()) return lane;
    if (heap.isShared) lane = heap.settleTop();
  }
}

function totals(inputs: readonly MergeInput[]): [number, number | null] {
  let read = 0;
  let size: number | null = 0;
  for (const { input } of inputs) {
    read += input.bytesRead;
    size = size === null || input.size === null ? null : size + input.size;
  }
  return [read, size];
}

function rankByStart(lanes: readonly Lane[]): void {
  const byStart = [...lanes].sort((a, b) => a.seconds - b.seconds || a.nanos - b.nanos || a.rank - b.rank);
  byStart.forEach((lane, rank) => {
    lane.rank = rank;
  });
}
