import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Frame } from "../../../src/capture/frame.ts";
import { openSource } from "../../../src/sys/files.ts";
import { readCapture } from "../../support/read-capture.ts";
import type { Traffic } from "../inputs/traffic.ts";

/** The frames of a generated capture, in memory. */
export async function sampleFrames(write: (path: string, factor: number) => Traffic, factor: number): Promise<Frame[]> {
  const folder = mkdtempSync(join(tmpdir(), "slotshark-micro-"));
  try {
    const path = join(folder, "sample.pcap");
    write(path, factor);
    const { frames } = await readCapture(await openSource(path));
    return frames.map((frame) => ({ ...frame, offset: 0, length: frame.bytes.length }));
  } finally {
    rmSync(folder, { recursive: true });
  }
}
