import { spawn } from "node:child_process";
import { existsSync } from "node:fs";

const TIME = "/usr/bin/time";

/** Where this is set, Node parses all the system's certificates before it runs anything: 25 ms that no capture needs. */
const { NODE_EXTRA_CA_CERTS: _, ...ENVIRONMENT } = process.env;

export interface Measure {
  millis: number;
  /** Peak resident memory; null where it cannot be measured. */
  peakKilobytes: number | null;
}

/** Runs a program to its end and throws its output away. */
export async function measuredRun(command: string, args: readonly string[]): Promise<Measure> {
  const hasTime = existsSync(TIME);
  const [program, all] = hasTime ? [TIME, ["-f", "peak=%M", command, ...args]] : [command, args];
  const start = performance.now();
  const child = spawn(program, all, { stdio: ["ignore", "ignore", "pipe"], env: ENVIRONMENT });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4096);
  });
  const status = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const millis = performance.now() - start;
  if (status !== 0) throw new Error(`${command} ended with status ${status}: ${complaint}`);
  const peak = /peak=(\d+)/.exec(complaint);
  return { millis, peakKilobytes: peak === null ? null : Number(peak[1]) };
}

/** Medians of `runs` runs, after one that warms the file cache. */
export async function medianRun(command: string, args: readonly string[], runs: number): Promise<Measure> {
  await measuredRun(command, args);
  const measures: Measure[] = [];
  for (let run = 0; run < runs; run++) measures.push(await measuredRun(command, args));
  const peaks = measures.flatMap(({ peakKilobytes }) => (peakKilobytes === null ? [] : [peakKilobytes]));
  return {
    millis: median(measures.map(({ millis }) => millis)) as number,
    peakKilobytes: median(peaks),
  };
}

function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? null;
}
