import { writeBulk } from "./bulk.ts";
import { writeLossy } from "./lossy.ts";
import { writeManySessions } from "./many-sessions.ts";
import { writeMetadata } from "./metadata.ts";
import type { Traffic } from "./traffic.ts";

/** A generated capture to measure with. */
export interface Input {
  readonly name: "metadata" | "lossy" | "bulk" | "many-sessions";
  readonly title: string;
  readonly write: (path: string, factor?: number) => Traffic;
}

export const INPUTS: readonly Input[] = [
  { name: "metadata", title: "small metadata operations", write: writeMetadata },
  { name: "lossy", title: "the same, 23 % of the traffic lost", write: writeLossy },
  { name: "bulk", title: "256 KiB READ and WRITE", write: writeBulk },
  { name: "many-sessions", title: "10,000 sessions", write: writeManySessions },
];
