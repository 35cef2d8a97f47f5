import { pick, random } from "../../support/random.ts";
import { CaptureFile } from "./capture-file.ts";
import { Mount, type MountOptions, type Work } from "./mount.ts";

export interface Shape extends Pick<MountOptions, "connections" | "slots" | "segmentBytes" | "segmentsAtOnce"> {
  /** Frames in the capture. */
  frames: number;
  mounts: number;
  microsApart: number;
  work: (next: () => number) => Work;
  isLost?: (next: () => number) => () => boolean;
}

/** What was written. */
export interface Traffic {
  readonly frames: number;
  readonly bytes: number;
  readonly lost: number;
  /** Frames out of order. */
  readonly late: number;
  /** Calls led by SEQUENCE, the lost ones included. */
  readonly calls: number;
}

const SEED = 4;

/** Writes a capture of mounts at work. The same shape makes the same bytes. */
export function writeTraffic(path: string, shape: Shape): Traffic {
  const next = random(SEED);
  const capture = new CaptureFile(path, { next, microsApart: shape.microsApart, isLost: shape.isLost?.(next) });
  try {
    const work = shape.work(next);
    const mounts = Array.from({ length: shape.mounts }, (_, host) => {
      return new Mount(capture, { ...shape, host, work, next });
    });
    while (capture.frames < shape.frames) pick(next, mounts).step();
    for (const mount of mounts) while (!mount.isQuiet) mount.step(false);
    const calls = mounts.reduce((sum, mount) => sum + mount.calls, 0);
    return { frames: capture.frames, bytes: capture.bytes, lost: capture.lost, late: capture.late, calls };
  } finally {
    capture.close();
  }
}
