#!/usr/bin/env node
import { existsSync } from "node:fs";

if (existsSync(new URL("../dist/cli/main.js", import.meta.url))) {
  const { main } = await import("../dist/cli/main.js");
  process.exitCode = await main(process.argv.slice(2));
} else {
  process.stderr.write("slotshark: not built yet: run `npm ci && npm run build` in its folder first\n");
  process.exitCode = 2;
}
