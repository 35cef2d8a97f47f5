import { spawnSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Script } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { VERSION } from "../../src/report/tool.ts";

const ROOT = join(import.meta.dirname, "../..");
const BUNDLE = join(ROOT, "dist/slotshark.cjs");
const CACHE = join(ROOT, "dist/slotshark.cache");

/** The program as installed: one file, and what V8 made of it when it was built. */
describe.skipIf(!existsSync(BUNDLE))("the program in one file (after `npm run build`)", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "slotshark-program-"));
    for (const name of ["bin", "dist"]) mkdirSync(join(folder, name));
    for (const name of ["slotshark.js", "package.json"])
      copyFileSync(join(ROOT, "bin", name), join(folder, "bin", name));
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const install = (cache: Uint8Array | null) => {
    copyFileSync(BUNDLE, join(folder, "dist/slotshark.cjs"));
    if (cache !== null) writeFileSync(join(folder, "dist/slotshark.cache"), cache);
  };
  const run = (...argv: string[]) => {
    const args = [join(folder, "bin/slotshark.js"), ...(argv.length > 0 ? argv : ["--version"])];
    const { status, stdout, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
    return { status, stdout, stderr };
  };
  const good = { status: 0, stdout: `${VERSION}\n`, stderr: "" };

  test("its code cache is one that this Node takes", () => {
    const script = new Script(readFileSync(BUNDLE, "latin1"), { filename: BUNDLE, cachedData: readFileSync(CACHE) });
    expect(script.cachedDataRejected).toBe(false);
  });

  test("holds nothing but ASCII, which is what it is read as", () => {
    expect(readFileSync(BUNDLE).every((byte) => byte < 0x80)).toBe(true);
  });

  test("runs with its cache", () => {
    install(readFileSync(CACHE));
    expect(run()).toEqual(good);
  });

  test.each([
    ["no cache", null],
    ["an empty cache", new Uint8Array(0)],
    ["a cache of noise", new Uint8Array(4096).fill(0x5a)],
    ["half of its cache", () => readFileSync(CACHE).subarray(0, readFileSync(CACHE).length >> 1)],
  ])("runs with %s", (_, cache) => {
    install(typeof cache === "function" ? cache() : cache);
    expect(run()).toEqual(good);
  });

  test("loads rules of the user's own", () => {
    install(readFileSync(CACHE));
    const { status, stdout, stderr } = run("rules", "--family", "own", "--rules", join(ROOT, "fixtures/own-rules.mjs"));
    expect([status, stderr]).toEqual([0, ""]);
    expect(stdout).toContain("slow-reply");
  });

  test("reads captures in threads", () => {
    install(readFileSync(CACHE));
    copyFileSync(join(ROOT, "dist/reading-thread.cjs"), join(folder, "dist/reading-thread.cjs"));
    const capture = join(ROOT, "fixtures/captures/pynfs-SEQ13.pcap");
    const alone = run("analyze", "--jobs", "1", capture);
    expect(run("analyze", "--jobs", "2", capture)).toEqual(alone);
    expect([alone.status, alone.stderr]).toEqual([0, ""]);
  });

  test("says so when it was not built", () => {
    const { status, stderr } = run();
    expect(status).toBe(2);
    expect(stderr).toContain("npm run build");
  });
});
