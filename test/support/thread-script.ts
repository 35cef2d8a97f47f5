import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { buildSync } from "esbuild";

/** A script that Node can run as a thread, from a file in TypeScript; `remove` takes it away again. */
export function threadScript(source: string): { path: string; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), "slotshark-thread-"));
  const path = join(folder, "thread.cjs");
  buildSync({ entryPoints: [source], outfile: path, bundle: true, platform: "node", format: "cjs", logLevel: "error" });
  return { path, remove: () => rmSync(folder, { recursive: true }) };
}

/** What reads captures in threads of their own. */
export function readingThread(): ReturnType<typeof threadScript> {
  return threadScript(join(import.meta.dirname, "../../src/cli/reading-thread.ts"));
}
