import { spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect, test } from "vitest";

const MODULE = JSON.stringify(join(import.meta.dirname, "../../src/sys/terminal.ts"));

/** Runs a script with `terminal` in it; TypeScript is stripped by tsx. */
function command(script: string): string[] {
  const program = `import { systemTerminal } from ${MODULE}; const terminal = systemTerminal(); ${script}`;
  return ["--import", "tsx", "--input-type=module", "-e", program];
}

test("a closed pipe ends writing quietly", () => {
  const script = `for (let i = 0; i < 1000 && terminal.stdout.isOpen; i++) await terminal.stdout.write("x".repeat(65536));
    process.stderr.write(terminal.stdout.isOpen ? "open" : "closed");`;
  const quoted = command(script).map((word) => `'${word.replaceAll("'", "'\\''")}'`);
  const { stdout, stderr } = spawnSync("bash", [
    "-c",
    `node ${quoted.join(" ")} | head -c 10; echo " \${PIPESTATUS[0]}"`,
  ]);
  expect(String(stdout)).toBe("xxxxxxxxxx 0\n");
  expect(String(stderr)).toBe("closed");
});

test("a slow reader gets everything", () => {
  const script = 'for (let i = 0; i < 100; i++) await terminal.stdout.write("x".repeat(65536));';
  const { stdout } = spawnSync("node", command(script), { maxBuffer: 1e8 });
  expect(stdout.length).toBe(6_553_600);
});

test("bytes that were written may be changed again", () => {
  const script = `const bytes = new Uint8Array(1e6);
    for (let i = 0; i < 20; i++) { bytes.fill(97 + i); await terminal.stdout.write(bytes); }`;
  const { stdout } = spawnSync("node", command(script), { maxBuffer: 1e8, encoding: "latin1" });
  expect(stdout).toBe(Array.from({ length: 20 }, (_, i) => String.fromCharCode(97 + i).repeat(1e6)).join(""));
});

test("without a terminal there are 100 columns", () => {
  const script = 'await terminal.stdout.write([terminal.stdout.isTTY, terminal.stdout.columns].join(" "));';
  expect(String(spawnSync("node", command(script)).stdout)).toBe("false 100");
});

test("Ctrl-C is counted until nobody listens any more", async () => {
  const script = `
    const stop = terminal.onInterrupt((count) => {
      terminal.stdout.write(String(count));
      if (count === 2) { stop(); clearInterval(alive); }
    });
    const alive = setInterval(() => {}, 1000);
    terminal.stdout.write("ready");`;
  const child = spawn("node", command(script));
  let output = "";
  for await (const piece of child.stdout) {
    output += piece;
    if (!output.endsWith("2")) child.kill("SIGINT");
  }
  expect(output).toBe("ready12");
});

test("an exception that nothing caught is handed over", () => {
  const script = `
    terminal.onCrash((error) => { process.stdout.write(error.message); terminal.exit(2); });
    setTimeout(() => { throw new Error("oh no"); }, 1);`;
  const { stdout, stderr, status } = spawnSync("node", command(script));
  expect([String(stdout), String(stderr), status]).toEqual(["oh no", "", 2]);
});
