import { bench, describe } from "vitest";
import type { Frame } from "../../../src/capture/frame.ts";
import { Network } from "../../../src/net/network.ts";
import type { NetworkSink } from "../../../src/net/stream.ts";
import { writeBulk } from "../inputs/bulk.ts";
import { writeLossy } from "../inputs/lossy.ts";
import { writeMetadata } from "../inputs/metadata.ts";
import { sampleFrames } from "./samples.ts";

/** Takes everything and looks at nothing. */
const SINK: NetworkSink = {
  open: () => ({ bytes() {}, missing() {} }),
  closed() {},
  datagram() {},
};

for (const [name, frames] of [
  ["metadata", await sampleFrames(writeMetadata, 0.01)],
  ["lossy", await sampleFrames(writeLossy, 0.01)],
  ["bulk", await sampleFrames(writeBulk, 0.01)],
] as const) {
  describe(`reassembly of ${frames.length} frames`, () => {
    bench(name, () => reassemble(frames));
  });
}

function reassemble(frames: readonly Frame[]): void {
  const network = new Network(SINK);
  for (const frame of frames) network.push(frame);
  network.finish();
}
