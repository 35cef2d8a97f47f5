#!/usr/bin/env node
"use strict";

// The program is one file, and beside it lies what V8 made of that at build time: compiling it anew would take longer
// than most captures. V8 itself refuses the cache of another version, and compiles. A CommonJS file, as package.json
// here says: what Node does before the first line of an ES module costs as much as the reading of a short capture.
const { existsSync, readFileSync } = require("node:fs");
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { Script } = require("node:vm");

const dist = join(__dirname, "../dist");
const bundle = join(dist, "slotshark.cjs");
const cache = join(dist, "slotshark.cache");

async function run() {
  if (!existsSync(bundle)) {
    process.stderr.write("slotshark: not built yet: run `npm ci && npm run build` in its folder first\n");
    return 2;
  }
  const script = new Script(readFileSync(bundle, "latin1"), {
    filename: bundle,
    cachedData: existsSync(cache) ? readFileSync(cache) : undefined,
  });
  const { main } = script.runInThisContext()(createRequire(bundle), (url) => import(url));
  return main(process.argv.slice(2), undefined, join(dist, "reading-thread.cjs"));
}

run().then((status) => {
  process.exitCode = status;
});
