import type { CaptureSummary } from "../analysis/analysis.ts";
import type { TimeBase } from "../analysis/time-base.ts";
import { jsonTime } from "./json-place.ts";
import { linkTypeName } from "./link-type-name.ts";

/** An input as `analyze --format json` prints it. */
export function jsonCapture(capture: CaptureSummary, base: TimeBase) {
  return {
    path: capture.path,
    format: capture.format,
    compression: capture.compression,
    linkTypes: [...new Set(capture.linkTypes.map(linkTypeName))],
    frames: capture.frames,
    bytes: capture.bytes,
    firstTime: jsonTime(base, capture.firstAt),
    lastTime: jsonTime(base, capture.lastAt),
    truncatedFrames: capture.truncatedFrames,
    damage: capture.damage.map(({ offset, frame, kind, message }) => ({ offset, frame, kind, message })),
    damageOmitted: capture.damageOmitted,
    droppedFrames: capture.droppedFrames,
  };
}
