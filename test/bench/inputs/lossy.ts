import { METADATA } from "./metadata.ts";
import { type Traffic, writeTraffic } from "./traffic.ts";

const FRAMES = 1_420_000;
const LOST_PART = 0.23;
/** Frames lost one after the other, on average: a capture that cannot keep up loses what comes while its buffer is full. */
const RUN_FRAMES = 4;

/** 409 MB of the same kind of traffic as writeMetadata, of which the capture lost 23 %. */
export function writeLossy(path: string, factor = 1): Traffic {
  return writeTraffic(path, { ...METADATA, frames: FRAMES * factor, isLost: lossInRuns });
}

/** Runs of lost and of captured frames in turn, each as likely to end with every frame. */
function lossInRuns(next: () => number): () => boolean {
  const kept = (RUN_FRAMES * (1 - LOST_PART)) / LOST_PART;
  let isLosing = false;
  return () => {
    if (next() < 1 / (isLosing ? RUN_FRAMES : kept)) isLosing = !isLosing;
    return isLosing;
  };
}
