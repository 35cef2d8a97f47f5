import { readFileSync } from "node:fs";

/** Of the clock that the kernel tells times of processes by. */
const TICKS_PER_SECOND = 100;

/** What the kernel tells of a process, this one unless another is named. */
export interface ProcessFigures {
  readonly cpuSeconds: number;
  readonly residentKilobytes: number;
  readonly peakKilobytes: number;
}

export function figuresOf(pid: number | "self"): ProcessFigures {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  const kilobytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(status)?.[1]);
  return {
    cpuSeconds: cpuSeconds(readFileSync(`/proc/${pid}/stat`, "utf8")),
    residentKilobytes: kilobytes("VmRSS"),
    peakKilobytes: kilobytes("VmHWM"),
  };
}

/** utime and stime; the name of the program before them may hold anything. See proc(5). */
function cpuSeconds(stat: string): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
