import { metadataWork } from "./metadata-work.ts";
import { type Traffic, writeTraffic } from "./traffic.ts";

export const METADATA = {
  frames: 1_140_000,
  mounts: 8,
  connections: 2,
  slots: 30,
  microsApart: 20,
  work: metadataWork,
};

/** 330 MB of small operations at factor 1: eight clients, each with two connections and one session of thirty slots. */
export function writeMetadata(path: string, factor = 1): Traffic {
  return writeTraffic(path, { ...METADATA, frames: METADATA.frames * factor });
}
