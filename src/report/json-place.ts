import type { TimeBase } from "../analysis/time-base.ts";
import type { Sighting } from "../session/sighting.ts";

/** A time as epoch seconds with nine decimals; null when there is none (packets without a time stamp). */
export function jsonTime(base: TimeBase, at: number | null): string | null {
  return at !== null && Number.isFinite(at) ? base.format(at) : null;
}

/** A single frame. */
export function jsonPlace(base: TimeBase, sighting: Sighting | null) {
  if (sighting === null) return null;
  return { capture: sighting.capture, frame: sighting.frame, time: jsonTime(base, sighting.at) };
}

/** The frames of one occurrence, cause first: parallel arrays, and the time of the last, which completed it. */
export function jsonFrames(base: TimeBase, frames: readonly Sighting[]) {
  return {
    frames: frames.map(({ frame }) => frame),
    frameCaptures: frames.map(({ capture }) => capture),
    time: jsonTime(base, frames.at(-1)?.at ?? null),
  };
}
