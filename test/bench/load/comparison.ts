import { median } from "../rounds.ts";
import { driven } from "./driven.ts";
import type { JobFigures } from "./driver.ts";
import type { Target } from "./targets.ts";
import { WORKS } from "./works.ts";

const WARM_UP_SECONDS = 1;

/** Medians of what the rounds made of one server under one kind of work. */
export interface Row {
  readonly work: string;
  readonly target: string;
  readonly perSecond: number;
  readonly megabytesPerSecond: number;
  readonly p50Millis: number;
  readonly p99Millis: number;
  /** Of one operation. */
  readonly serverCpuMicros: number;
  readonly driverCpuMicros: number;
  readonly serverPeakMegabytes: number;
  readonly driverPeakMegabytes: number;
}

/** Puts all servers under load once in every round, so that what else the machine does meets all of them alike. */
export async function compare(
  driver: string,
  targets: readonly Target[],
  work: string,
  { seconds, rounds }: { seconds: number; rounds: number },
): Promise<Row[]> {
  const all = targets.map((): JobFigures[] => []);
  for (let round = 0; round < rounds; round++) {
    for (const [index, target] of targets.entries()) {
      const job = { work, warmUpSeconds: WARM_UP_SECONDS, until: { seconds } };
      all[index]!.push(await driven(driver, target, job));
    }
  }
  return targets.map(({ name }, index) => rowOf(work, name, all[index]!));
}

/** The table's line of one server. */
export function rowOf(work: string, target: string, rounds: readonly JobFigures[]): Row {
  const { title, bytes } = WORKS[work]!;
  const middle = (figure: (of: JobFigures) => number) => median(rounds.map(figure)) ?? Number.NaN;
  const perSecond = middle(({ operations, seconds }) => operations / seconds);
  return {
    work: title,
    target,
    perSecond,
    megabytesPerSecond: (perSecond * bytes) / 1e6,
    p50Millis: middle(({ p50Millis }) => p50Millis),
    p99Millis: middle(({ p99Millis }) => p99Millis),
    serverCpuMicros: middle(({ serverCpuSeconds, operations }) => (serverCpuSeconds * 1e6) / operations),
    driverCpuMicros: middle(({ driverCpuSeconds, operations }) => (driverCpuSeconds * 1e6) / operations),
    serverPeakMegabytes: middle(({ serverPeak }) => serverPeak / 1000),
    driverPeakMegabytes: middle(({ driverPeak }) => driverPeak / 1000),
  };
}

/** Cells of the table: one row a server, the ratio is to the last one. */
export function cellsOf(rows: readonly Row[]): string[][] {
  return rows.map((row) => [
    row.work,
    row.target,
    row.perSecond.toFixed(0),
    row.megabytesPerSecond === 0 ? "" : row.megabytesPerSecond.toFixed(0),
    (row.perSecond / rows.at(-1)!.perSecond).toFixed(2),
    `${row.p50Millis.toFixed(1)} ms`,
    `${row.p99Millis.toFixed(1)} ms`,
    `${row.serverCpuMicros.toFixed(0)} µs`,
    `${row.driverCpuMicros.toFixed(0)} µs`,
    `${row.serverPeakMegabytes.toFixed(0)} MB`,
    `${row.driverPeakMegabytes.toFixed(0)} MB`,
  ]);
}

export const HEAD = [
  "work",
  "server",
  "operations/s",
  "MB/s",
  "ratio",
  "p50",
  "p99",
  "CPU of server",
  "CPU of driver",
  "peak of server",
  "peak of driver",
];
