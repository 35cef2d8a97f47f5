import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { main } from "../../src/cli/main.ts";
import { captureFiles, FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";
import { FakeTerminal } from "../support/fake-terminal.ts";
import { integer, random } from "../support/random.ts";
import { toolOrSkip } from "../support/require-tool.ts";
import { readingThread, threadScript } from "../support/thread-script.ts";

let folder: string;
let thread: ReturnType<typeof readingThread>;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "slotshark-jobs-"));
  thread = readingThread();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  thread.remove();
});

/** All that a run tells; `jobs` null: what pays. */
async function run(jobs: number | null, paths: readonly string[], format = "json", script = thread.path) {
  const terminal = new FakeTerminal();
  const asked = jobs === null ? [] : ["--jobs", String(jobs)];
  const status = await main(["analyze", ...asked, "-T", format, ...paths], terminal, script);
  return { status, out: terminal.stdout.text, err: terminal.stderr.text };
}

function file(name: string, bytes: Uint8Array | string): string {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

const fixture = (name: string) => join(FIXTURE_CAPTURES, name);
const unpacked = (name: string) => {
  const bytes = readFileSync(fixture(name));
  return name.endsWith(".gz") ? gunzipSync(bytes) : bytes;
};

/** Cuts a classic pcap between two packets, about in its middle. */
function halves(bytes: Buffer): [Buffer, Buffer] {
  let at = 24;
  while (at < bytes.length / 2) at += 16 + bytes.readUInt32LE(at + 8);
  return [bytes.subarray(0, at), Buffer.concat([bytes.subarray(0, 24), bytes.subarray(at)])];
}

describe("one capture, read by another thread: the same report", () => {
  const captures = captureFiles(FIXTURE_CAPTURES).filter((path) => !path.includes("/pynfs-"));
  test.each(captures)("%s", async (path) => {
    for (const format of ["text", "json"]) expect(await run(2, [path], format)).toEqual(await run(1, [path], format));
  });
});

describe("several captures", () => {
  const sets: [string, () => string[]][] = [
    [
      "of all kinds",
      () => ["kn_nano_v42.pcap", "kn_multi_if_v41.pcapng.gz", "pynfs-SEQ13.pcap", "kn_mount_v41.pcap"].map(fixture),
    ],
    [
      "of one conversation, cut amid its requests, each part packed otherwise",
      () => {
        const [first, second] = halves(unpacked("kn_server_restart_v42.pcap.gz"));
        return [file("second.gz", gzipSync(second)), file("first.pcap", first)];
      },
    ],
    [
      "of one conversation, cut where a segment was lost",
      () => halves(unpacked("kn_retransmit_head_v41.pcap.gz")).map((half, at) => file(`lost${at}.pcap`, half)),
    ],
    [
      "some unreadable",
      () => [file("text", "hello\n"), fixture("kn_mount_v41.pcap"), join(folder, "none"), file("empty", "")],
    ],
    ["all unreadable", () => [folder, file("short", unpacked("kn_mount_v41.pcap").subarray(0, 20)), `${folder}/\0`]],
    ["of another version, which is told", () => [versioned("a", 3), fixture("kn_mount_v42.pcap"), versioned("b", 7)]],
  ];
  const isSame = async (paths: readonly string[]) => {
    const alone = await run(1, paths);
    for (const jobs of [2, 3, 4]) expect(await run(jobs, paths)).toEqual(alone);
    expect(await run(4, paths, "text")).toEqual(await run(1, paths, "text"));
    expect(alone.err).not.toContain("internal error");
  };
  test.each(sets)("%s", (_, make) => isSame(make()));

  const rotated = captureFiles(join(SHARED_CAPTURES, "rotated"));
  test.skipIf(rotated.length === 0)("a real rotated set", () => isSame(rotated));

  test.skipIf(toolOrSkip("zstd").skip || toolOrSkip("lz4").skip)("through zstd and lz4", async () => {
    const [first, second] = halves(unpacked("kn_server_restart_v42.pcap.gz"));
    const paths = [file("first.pcap", first), file("second.pcap", second)];
    execFileSync("zstd", ["-q", paths[0]!, "-o", `${paths[0]}.zst`]);
    execFileSync("lz4", ["-q", paths[1]!, `${paths[1]}.lz4`]);
    await isSame([`${paths[1]}.lz4`, `${paths[0]}.zst`]);
  });
});

function versioned(name: string, minor: number): string {
  const bytes = Uint8Array.from(unpacked("kn_mount_v41.pcap"));
  bytes[6] = minor;
  return file(name, bytes);
}

test("damaged captures, packed ones too", async () => {
  const base = unpacked("pynfs-SEQ13.pcap");
  for (let seed = 1; seed <= 24; seed++) {
    const next = random(seed);
    const pack = (bytes: Buffer) => (seed % 2 === 0 ? gzipSync(bytes) : bytes);
    const spoil = (bytes: Buffer) => {
      for (let left = 5; left > 0; left--) bytes[integer(next, 0, bytes.length - 1)] = integer(next, 0, 255);
      return bytes.subarray(0, seed % 3 === 0 ? integer(next, 0, bytes.length) : bytes.length);
    };
    const bytes = seed % 4 < 2 ? pack(spoil(Buffer.from(base))) : spoil(pack(Buffer.from(base)));
    const path = file("damaged", bytes);
    expect(await run(2, [path]), `seed ${seed}`).toEqual(await run(1, [path]));
  }
});

describe("where no thread is started", () => {
  const noThread = "/no/such/script.cjs";
  test.each([
    ["by default, for a short capture", null, fixture("kn_meta_v41.pcap.gz")],
    ["with one job", 1, fixture("kn_meta_v41.pcap.gz")],
    ["for a file that is not there", 2, fixture("none.pcap")],
    ["for a folder", 2, FIXTURE_CAPTURES],
  ])("%s", async (_, jobs, path) => {
    expect(await run(jobs, [path], "text", noThread)).toEqual(await run(1, [path], "text"));
  });
});

describe("a thread that fails is an error of ours", () => {
  test.each([
    ["it cannot be started", null, "internal error, please report it"],
    ["it crashes", "throw new RangeError('out of reach')", "RangeError: out of reach"],
    ["it crashes amid the capture", "setTimeout(() => { throw new RangeError('late') }, 50)", "RangeError: late"],
    ["it ends too early", "", "Error: the thread that reads"],
    [
      "it says what it should not",
      "for (const { port } of data) port.postMessage({ kind: 'end' })",
      "news of the kind end",
    ],
  ])("%s", async (_, code, message) => {
    const source = `import { workerData as data } from "node:worker_threads"; ${code}`;
    const script = code === null ? null : threadScript(file("crash.ts", source));
    const { status, out, err } = await run(2, [fixture("kn_mount_v41.pcap")], "text", script?.path ?? "/none.cjs");
    expect([status, out]).toEqual([2, ""]);
    expect(err).toMatch(/^slotshark: internal error, please report it.*\n$/);
    expect(err).toContain(message);
  });
});

test("Ctrl-C ends the reading: a report of what came, and threads that end", async () => {
  const terminal = new FakeTerminal();
  const path = fixture("kn_server_restart_v42.pcap.gz");
  const paths = Array.from({ length: 4 }, () => path);
  const running = main(["analyze", "--jobs", "3", ...paths], terminal, thread.path);
  while (!terminal.isListening) await new Promise((resolve) => setImmediate(resolve));
  terminal.interrupt(1);
  expect(await running).toBe(0);
  expect(terminal.stdout.text).toContain("Interrupted");
});
