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

/** Runs a program to its end, in the folder where it may leave files, and throws its output away. */
export async function measuredRun(command: string, args: readonly string[], cwd: string): Promise<Measure> {
  const hasTime = existsSync(TIME);
  const [program, all] = hasTime ? [TIME, ["-f", "peak=%M", command, ...args]] : [command, args];
  const start = performance.now();
  const child = spawn(program, all, { cwd, stdio: ["ignore", "ignore", "pipe"], env: ENVIRONMENT });
  let complaint = "";
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    complaint = (complaint + text).slice(-4096);
  });
  const status = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("close", resolve));
  const millis = performance.now() - start;
  if (status !== 0) throw new Error(`${command} ended with status ${status}: ${complaint.split("\n", 1)[0]}`);
  const peak = /peak=(\d+)/.exec(complaint);
  return { millis, peakKilobytes: peak === null ? null : Number(peak[1]) };
}
