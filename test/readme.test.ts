import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { toolOrSkip } from "./support/require-tool.ts";
import { shellCommands } from "./support/shell-blocks.ts";

const ROOT = join(import.meta.dirname, "..");
const README = readFileSync(join(ROOT, "README.md"), "utf8");
const MISUSE = join(ROOT, "fixtures/captures/pynfs-SEQ13.pcap");

/**
 * `slotshark` is the built program. `tcpdump` has the real one check the filter, then hands over a capture instead of
 * waiting for traffic; it needs no root. This test itself is part of `npm test`, and the bench takes too long.
 */
const PRELUDE = `
set -euo pipefail
slotshark() {
  if [ "$1" = serve ]; then timeout --preserve-status -s TERM 2 node "${ROOT}/bin/slotshark.js" "$@" --listen 127.0.0.1:0
  else node "${ROOT}/bin/slotshark.js" "$@"; fi
}
npm() { case "$1" in start) (cd "${ROOT}" && command npm --silent start);; *) false;; esac; }
tcpdump() {
  local OPTIND=1 option file= filter
  while getopts i:s:w: option; do case $option in w) file=$OPTARG;; i|s) ;; *) return 1;; esac; done
  filter="\${*:OPTIND}"
  command tcpdump -d -y EN10MB "$filter" > /dev/null
  if [ "$file" = - ]; then cat "${MISUSE}"; else cp "${MISUSE}" "$file"; fi
}
`;

let folder: string;
/** A server for the probes, on a port of its own. */
let server: ChildProcess;
let address: string;

beforeAll(async () => {
  server = spawn(process.execPath, [join(ROOT, "bin/slotshark.js"), "serve", "--listen", "127.0.0.1:0"]);
  const [said] = (await once(server.stdout as Readable, "data")) as [Buffer];
  address = /127\.0\.0\.1:\d+/.exec(said.toString())?.[0] as string;
  folder = mkdtempSync(join(tmpdir(), "slotshark-readme-"));
  copyFileSync(join(ROOT, "fixtures/own-rules.mjs"), join(folder, "own-rules.mjs"));
  writeFileSync(join(folder, "slotshark.config.json"), /^```json\n([\s\S]*?)^```$/m.exec(README)?.[1] as string);
  for (const name of ["nfs.pcap", "a.pcap"]) copyFileSync(MISUSE, join(folder, name));
  writeFileSync(join(folder, "b.pcapng.gz"), gzipSync(readFileSync(join(ROOT, "fixtures/captures/kn_mount_v41.pcap"))));
});

afterAll(() => {
  server.kill("SIGTERM");
  rmSync(folder, { recursive: true });
});

function run(command: string) {
  const { status, stdout, stderr } = spawnSync("bash", ["-c", PRELUDE + command], { cwd: folder, encoding: "utf8" });
  return { status, stdout, stderr };
}

/** What cannot run inside a test, and what stands for it. */
function runnable(command: string): string | null {
  if (command.endsWith("npm test") || command.startsWith("npm run bench")) return null;
  return command.replace(/^npm ci && /, "");
}

const commands = shellCommands(README).flatMap((command) => runnable(command) ?? []);

describe("every command of the README works", () => {
  test.for(commands)("%s", (command, { skip }) => {
    for (const tool of ["tcpdump", "jq"].filter((name) => command.includes(name)).map(toolOrSkip)) {
      if (tool.skip) skip(tool.reason);
    }
    const { status, stdout, stderr } = run(command.replace("127.0.0.1:20490", address));
    // A server says there whom it serves, and that it ends.
    if (command.startsWith("slotshark serve")) expect(stderr).toContain("stopped after 0 requests");
    else expect(stderr).toBe("");
    expect(status).toBe(0);
    if (!command.includes(" > ") && !command.includes("-w nfs.pcap")) expect(stdout).not.toBe("");
  });

  test("there are commands to run, and scripts for those that are not run here", () => {
    expect(commands.length).toBeGreaterThan(12);
    const { scripts } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8"));
    expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["start", "test", "bench", "build"]));
  });
});

test("the sample is what `npm start` prints", () => {
  const sample = /^```text\n([\s\S]*?)^```$/m.exec(README)?.[1];
  expect(run("npm start").stdout).toBe(sample);
});

test("the library example runs", () => {
  const example = /^```js\n([\s\S]*?)^```$/m
    .exec(README)?.[1]
    ?.replace('"slotshark"', JSON.stringify(join(ROOT, "dist/index.js")));
  writeFileSync(join(folder, "example.mjs"), example as string);
  const { status, stdout } = run("node example.mjs");
  expect(status).toBe(0);
  expect(stdout).toContain("seq-gap");
});
