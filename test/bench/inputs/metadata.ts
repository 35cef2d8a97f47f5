import { metadataWork } from "./metadata-work.ts";
import { type Traffic, writeTraffic } from "./traffic.ts";

/** Every message is a frame of its own: what a host that leaves the cutting to its network card sees of small ones. */
const SEGMENT_BYTES = 16 * 1024;

export const METADATA = {
  frames: 1_140_000,
  mounts: 8,
  connections: 2,
  slots: 30,
  segmentBytes: SEGMENT_BYTES,
  microsApart: 20,
  work: metadataWork,
};

/** 330 MB of small operations at factor 1: eight clients, each with two connections and one session of thirty slots. */
export function writeMetadata(path: string, factor = 1): Traffic {
  return writeTraffic(path, { ...METADATA, frames: METADATA.frames * factor });
}
