import { METADATA } from "./metadata.ts";
import { type Traffic, writeTraffic } from "./traffic.ts";

const SESSIONS = 10_000;
const FRAMES_OF_EACH = 60;

/** 10,000 clients at factor 1, each with its own session and connection, all at work at the same time. */
export function writeManySessions(path: string, factor = 1): Traffic {
  const mounts = Math.ceil(SESSIONS * factor);
  return writeTraffic(path, {
    ...METADATA,
    frames: mounts * FRAMES_OF_EACH,
    mounts,
    connections: 1,
  });
}
