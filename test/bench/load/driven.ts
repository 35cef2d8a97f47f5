import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "esbuild";
import type { Job, JobFigures } from "./driver.ts";
import type { Target } from "./targets.ts";

const execFileAsync = promisify(execFile);
const OUTPUT_BYTES_MAX = 16 * 1024 * 1024;

/** Puts the driver into one file, as the program itself is: what runs it from its sources would slow it down. */
export async function buildDriver(folder: string): Promise<string> {
  const outfile = join(folder, "driver.mjs");
  const entryPoints = [join(import.meta.dirname, "driver.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", target: "node20", format: "esm", minify: true });
  return outfile;
}

/** Starts a server, lets the driver do the job, and stops the server. Throws when anything went wrong. */
export async function driven(
  driver: string,
  target: Target,
  job: Omit<Job, "endpoint" | "path" | "pid">,
): Promise<JobFigures> {
  const running = await target.start();
  try {
    const { endpoint, path, pid } = running;
    const whole: Job = { ...job, endpoint, path, pid };
    const { stdout } = await execFileAsync(process.execPath, [driver, JSON.stringify(whole)], {
      maxBuffer: OUTPUT_BYTES_MAX,
    });
    const figures = JSON.parse(stdout) as JobFigures;
    if (figures.failure !== null) throw new Error(`${target.name}: ${job.work}: ${figures.failure}`);
    return figures;
  } finally {
    await running.stop();
  }
}
