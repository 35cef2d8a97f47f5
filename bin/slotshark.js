#!/usr/bin/env node
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { Script } from "node:vm";

// The program is one file, and beside it lies what V8 made of that at build time: compiling it anew would take longer
// than most captures. V8 itself refuses the cache of another version, and compiles.
const bundle = fileURLToPath(new URL("../dist/slotshark.cjs", import.meta.url));
const readingThread = fileURLToPath(new URL("../dist/reading-thread.cjs", import.meta.url));
const cache = fileURLToPath(new URL("../dist/slotshark.cache", import.meta.url));

if (existsSync(bundle)) {
  const script = new Script(readFileSync(bundle, "latin1"), {
    filename: bundle,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  const { main } = script.runInThisContext()(createRequire(bundle), (url) => import(url));
  process.exitCode = await main(process.argv.slice(2), undefined, readingThread);
} else {
  process.stderr.write("slotshark: not built yet: run `npm ci && npm run build` in its folder first\n");
  process.exitCode = 2;
}
