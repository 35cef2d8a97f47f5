import { existsSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** Real captures next to the repository, with frame counts in their README; absent in most checkouts. */
export const SHARED_CAPTURES = fileURLToPath(new URL("../../../shared/captures", import.meta.url));
export const FIXTURE_CAPTURES = fileURLToPath(new URL("../../fixtures/captures", import.meta.url));

/** Paths of the captures (also compressed ones) in `folder` and its sub-folders; none if it is absent. */
export function captureFiles(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.pcap(ng)?\d*(\.gz|\.zst|\.lz4)?$/.test(name))
    .sort()
    .map((name) => `${folder}/${name}`);
}
