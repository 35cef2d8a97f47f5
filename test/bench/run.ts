import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, openSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SHARED_CAPTURES } from "../support/capture-files.ts";
import { writeBulkCapture } from "./bulk-capture.ts";
import { type Measure, medianRun } from "./measured-run.ts";

/**
 * `npm run bench`: the built program on a capture of many small messages and on one of bulk data, beside programs
 * that read the same file in the same run. Ratios are what counts; the machine's speed cancels out.
 * BENCH_RUNS (5) and BENCH_BULK_MEGABYTES (512) change its size.
 */

const RUNS = Number(process.env.BENCH_RUNS ?? 5);
const BULK_MEGABYTES = Number(process.env.BENCH_BULK_MEGABYTES ?? 512);
const PROGRAM = join(import.meta.dirname, "../../bin/slotshark.js");

interface Contender {
  name: string;
  command: string;
  args: (capture: string) => string[];
}

const OURS: Contender = { name: "slotshark", command: "node", args: (capture) => [PROGRAM, "analyze", capture] };
const OTHERS: readonly Contender[] = [
  { name: "tshark", command: "tshark", args: (capture) => ["-q", "-z", "rpc,srt,100003,4", "-r", capture] },
  { name: "capinfos", command: "capinfos", args: (capture) => ["-c", capture] },
];

const folder = mkdtempSync(join(tmpdir(), "slotshark-bench-"));
try {
  const meta = unpackedMeta();
  if (meta !== null) await compare("many small messages", meta);
  const bulk = join(folder, "bulk.pcap");
  console.log(`writing ${BULK_MEGABYTES} MB of bulk data …`);
  await writeBulkCapture(bulk, BULK_MEGABYTES * 1e6);
  await compare("bulk data", bulk);
} finally {
  rmSync(folder, { recursive: true });
}

/** The big capture of small messages, unpacked; null with a word about it where it cannot be had. */
function unpackedMeta(): string | null {
  const packed = join(SHARED_CAPTURES, "big_meta_v42.pcap.zst");
  const path = join(folder, "meta.pcap");
  if (!existsSync(packed)) return without("big_meta_v42.pcap.zst is not there");
  const { status } = spawnSync("zstd", ["-dc", packed], { stdio: ["ignore", openSync(path, "w"), "inherit"] });
  return status === 0 ? path : without("zstd is not installed");
}

function without(reason: string): null {
  console.log(`no capture of small messages: ${reason}`);
  return null;
}

async function compare(title: string, capture: string): Promise<void> {
  const megabytes = statSync(capture).size / 1e6;
  console.log(`\n${title}: ${megabytes.toFixed(0)} MB, median of ${RUNS} runs`);
  const ours = await medianRun(OURS.command, OURS.args(capture), RUNS);
  console.log(row(OURS.name, ours, megabytes));
  for (const other of OTHERS) {
    if (spawnSync("sh", ["-c", `command -v ${other.command}`]).status !== 0) {
      console.log(`${other.name.padEnd(10)} is not installed`);
      continue;
    }
    const theirs = await medianRun(other.command, other.args(capture), RUNS);
    console.log(`${row(other.name, theirs, megabytes)}   ${ratio(ours, theirs)}`);
  }
}

function row(name: string, { millis, peakKilobytes }: Measure, megabytes: number): string {
  const speed = `${((megabytes / millis) * 1000).toFixed(0)} MB/s`;
  const memory = peakKilobytes === null ? "peak unknown" : `peak ${(peakKilobytes / 1000).toFixed(0)} MB`;
  return `${name.padEnd(10)} ${(millis / 1000).toFixed(3).padStart(8)} s  ${speed.padStart(10)}  ${memory.padStart(14)}`;
}

function ratio(ours: Measure, theirs: Measure): string {
  const factor = theirs.millis / ours.millis;
  return factor >= 1
    ? `slotshark is ${factor.toFixed(1)}x as fast`
    : `slotshark takes ${(1 / factor).toFixed(1)}x its time`;
}
