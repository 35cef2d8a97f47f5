/** The process that puts a server under load: `node driver.cjs JOB`, both as JSON; the figures go to standard output. */
import type { ManagedSession } from "../../../src/requester/managed-session.ts";
import type { Endpoint } from "../../../src/sys/sockets.ts";
import { type LoadFigures, load, openSession, SLOTS } from "./load.ts";
import { figuresOf } from "./process-figures.ts";
import { makeFiles, verify, WORKS, type Work, type WorkFile } from "./works.ts";

/** What is to be done, and to whom. */
export interface Job {
  readonly endpoint: Endpoint;
  /** The export. */
  readonly path: readonly string[];
  /** Of the server. */
  readonly pid: number;
  /** A name in `WORKS`. */
  readonly work: string;
  readonly warmUpSeconds: number;
  /** How long; or how many operations, in which case memory is told every now and then. */
  readonly until: { readonly seconds: number } | { readonly operations: number; readonly each: number };
}

/** What came of a job. Memory is that of processes, in kilobytes. */
export interface JobFigures extends LoadFigures {
  readonly serverCpuSeconds: number;
  readonly driverCpuSeconds: number;
  readonly serverPeak: number;
  readonly driverPeak: number;
  /** Resident memory of the server over the operations. */
  readonly growth: readonly { readonly operations: number; readonly server: number; readonly driver: number }[];
}

async function run(job: Job): Promise<JobFigures> {
  const session = await openSession(job.endpoint);
  const files = await makeFiles(session, job.path, SLOTS);
  const work = WORKS[job.work]!;
  await load(session, work, files, later(job.warmUpSeconds));
  const figures = await measured(job, session, work, files);
  for (const file of files) await verify(session, file);
  await session.close(true);
  return figures;
}

async function measured(
  { pid, until }: Job,
  session: ManagedSession,
  work: Work,
  files: readonly WorkFile[],
): Promise<JobFigures> {
  const growth: { operations: number; server: number; driver: number }[] = [];
  const isOver = "seconds" in until ? later(until.seconds) : watched(until.operations, until.each, pid, growth);
  const before = { server: figuresOf(pid), driver: figuresOf("self") };
  const figures = await load(session, work, files, isOver);
  const after = { server: figuresOf(pid), driver: figuresOf("self") };
  return {
    ...figures,
    serverCpuSeconds: after.server.cpuSeconds - before.server.cpuSeconds,
    driverCpuSeconds: after.driver.cpuSeconds - before.driver.cpuSeconds,
    serverPeak: after.server.peakKilobytes,
    driverPeak: after.driver.peakKilobytes,
    growth,
  };
}

function later(seconds: number): () => boolean {
  const end = performance.now() + seconds * 1000;
  return () => performance.now() >= end;
}

/** Over after so many operations; notes how large both processes are, each time so many more are done. */
function watched(
  most: number,
  each: number,
  pid: number,
  growth: { operations: number; server: number; driver: number }[],
): (operations: number) => boolean {
  return (operations) => {
    if (operations >= (growth.length + 1) * each) {
      const [server, driver] = [figuresOf(pid).residentKilobytes, figuresOf("self").residentKilobytes];
      growth.push({ operations, server, driver });
    }
    return operations >= most;
  };
}

const figures = await run(JSON.parse(process.argv[2] as string) as Job);
process.stdout.write(JSON.stringify(figures));
