import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { linesOf } from "../support/stream-lines.ts";

/** The program as a process: what only signals and pipes can show. */

const MAIN = JSON.stringify(join(import.meta.dirname, "../../src/cli/main.ts"));
const CAPTURE = join(import.meta.dirname, "../../fixtures/captures/kn_mount_v41.pcap");
const LOADED = "loaded";
const SCRIPT = `import { main } from ${MAIN}; console.error("${LOADED}"); process.exitCode = await main(process.argv.slice(1));`;
const node = (...argv: string[]) => ["--import", "tsx", "--input-type=module", "-e", SCRIPT, "--", ...argv];

/** Waits for the end of a process: status and standard output. */
async function ended(child: ChildProcessWithoutNullStreams): Promise<{ status: number | null; out: string }> {
  let out = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    out += text;
  });
  const status = await new Promise<number | null>((resolve) => child.on("close", resolve));
  return { status, out };
}

/** Reads standard input that has begun and never ends. */
function waiting(): ChildProcessWithoutNullStreams {
  const child = spawn("node", node("analyze", "-"));
  child.stdin.on("error", () => {});
  child.stdin.write(readFileSync(CAPTURE));
  return child;
}

test("Ctrl-C while a pipe is silent: the report of what came", async () => {
  const child = waiting();
  const end = ended(child);
  await new Promise<void>((resolve) => child.stderr.on("data", (text) => String(text).includes(LOADED) && resolve()));
  setTimeout(() => child.kill("SIGINT"), 2000);
  const { status, out } = await end;
  expect(status).toBe(0);
  expect(out).toMatch(/^No misuse found: 1 session/);
  expect(out).toContain("Interrupted");
});

test("a capture through a pipe gives what the file gives", () => {
  const piped = spawnSync("node", node("analyze", "-T", "json", "-"), {
    input: readFileSync(CAPTURE),
    encoding: "utf8",
  });
  const named = spawnSync("node", node("analyze", "-T", "json", CAPTURE), { encoding: "utf8" });
  expect(piped.status).toBe(0);
  expect(piped.stdout.replace('"path":"-"', `"path":${JSON.stringify(CAPTURE)}`)).toBe(named.stdout);
});

test("ndjson comes while the pipe is still open, and Ctrl-C ends it with the summary", async () => {
  const child = spawn("node", node("analyze", "-T", "ndjson", "--records", "-"));
  child.stdin.on("error", () => {});
  child.stdin.write(readFileSync(CAPTURE));
  const end = ended(child);
  await new Promise<void>((resolve) => {
    let seen = "";
    child.stdout.on("data", (text: string) => {
      seen += text;
      if (seen.includes('"type":"exchange"')) resolve();
    });
  });
  child.kill("SIGINT");
  const { status, out } = await end;
  const lines = linesOf(out);
  expect([status, lines[0].type, lines.at(-1).type, lines.at(-1).interrupted]).toEqual([0, "capture", "summary", true]);
});

test("a reader that takes one line ends it", () => {
  const words = node("analyze", "-T", "ndjson", "--records", CAPTURE).map(
    (word) => `'${word.replaceAll("'", "'\\''")}'`,
  );
  const command = `node ${words.join(" ")} | head -n 1; echo "\${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  expect(stdout).toMatch(/^\{"type":"capture","schema":"slotshark\/stream\/1",.*\}\n0\n$/);
  expect(stderr).toBe(`${LOADED}\n`);
});

test("a reader that closes early: quiet, and the status stays", () => {
  const words = node("analyze", "-T", "json", CAPTURE).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const command = `node ${words.join(" ")} | head -c 1; echo " \${PIPESTATUS[0]}"`;
  const { stdout, stderr } = spawnSync("bash", ["-c", command], { encoding: "utf8" });
  expect([stdout, stderr]).toEqual(["{ 0\n", `${LOADED}\n`]);
});
