import { existsSync, readFileSync } from "node:fs";
import { basename } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { type AnalyzeOptions, analyze } from "../../src/analysis/analyze.ts";
import { type OpenOptions, openCapture } from "../../src/capture/detect.ts";
import type { ByteSource } from "../../src/sys/byte-source.ts";
import { openSource } from "../../src/sys/files.ts";
import { FIXTURE_CAPTURES, SHARED_CAPTURES } from "./capture-files.ts";
import { memorySource } from "./memory-source.ts";

export type AnalyzeTestOptions = AnalyzeOptions & OpenOptions;

/** The whole pipeline over files, as `slotshark analyze` runs it. */
export async function analyzeFiles(paths: readonly string[], options: AnalyzeTestOptions = {}): Promise<Analysis> {
  return analyzeSources(await Promise.all(paths.map(openSource)), options);
}

/** The same over captures in memory. */
export async function analyzeBytes(
  captures: readonly Uint8Array[],
  options: AnalyzeTestOptions = {},
): Promise<Analysis> {
  const sources = captures.map((bytes, index) => memorySource(bytes, { name: `${index}.pcap` }));
  return analyzeSources(sources, options);
}

async function analyzeSources(sources: readonly ByteSource[], options: AnalyzeTestOptions): Promise<Analysis> {
  const captures = [];
  try {
    for (const source of sources) captures.push(await openCapture(source, options));
    return await analyze(captures, options);
  } finally {
    await Promise.all(captures.map((capture) => capture.close()));
  }
}

/** Path of a fixture, packed or not, by its name without endings; else of the shared capture; null if neither is there. */
export function findCapture(name: string): string | null {
  const names = ["pcap", "pcap.gz", "pcapng.gz", "pcapng"].map((ending) => `${name}.${ending}`);
  const candidates = [FIXTURE_CAPTURES, SHARED_CAPTURES].flatMap((folder) => names.map((file) => `${folder}/${file}`));
  return candidates.find((path) => existsSync(path)) ?? null;
}

/** The capture's bytes, unpacked. */
export function captureBytes(name: string): Uint8Array {
  const path = findCapture(name);
  if (path === null) throw new Error(`no capture ${name}`);
  const bytes = readFileSync(path);
  return path.endsWith(".gz") ? gunzipSync(bytes) : bytes;
}

/** A capture as if its file lay in the current folder: reports do not name the machine's folders. */
export async function analyzeByName(name: string, options: AnalyzeTestOptions = {}): Promise<Analysis> {
  const path = findCapture(name);
  if (path === null) throw new Error(`no capture ${name}`);
  return analyzeSources([memorySource(readFileSync(path), { name: basename(path) })], options);
}
