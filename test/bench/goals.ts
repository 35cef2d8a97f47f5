import type { Result } from "./rounds.ts";

/** What a section has to show. */
export interface Goal {
  readonly text: string;
  /** The figure that counts, from the results by name; null where one that it needs is missing. */
  readonly figure: (results: ReadonlyMap<string, Result>) => number | null;
  readonly limit: number;
  readonly isAtMost: boolean;
}

export interface Verdict {
  readonly text: string;
  readonly figure: number | null;
  readonly limit: number;
  /** Null where the figure is missing. */
  readonly isMet: boolean | null;
}

export function verdict({ text, figure, limit, isAtMost }: Goal, results: readonly Result[]): Verdict {
  const measured = results.filter(({ failure }) => failure === null);
  const value = figure(new Map(measured.map((result) => [result.name, result])));
  return { text, figure: value, limit, isMet: value === null ? null : isAtMost ? value <= limit : value >= limit };
}

/** `name` takes at most so many times the time of `other`. */
export function atMostTimes(limit: number, other: string, name = "slotshark"): Goal {
  const figure: Goal["figure"] = (results) => quotient(results.get(name)?.millis, results.get(other)?.millis);
  return { text: `${name} at most ${limit} x ${other}`, figure, limit, isAtMost: true };
}

/** slotshark is at least so many times as fast as `other`. */
export function timesFasterThan(limit: number, other: string): Goal {
  const figure: Goal["figure"] = (results) => quotient(results.get(other)?.millis, results.get("slotshark")?.millis);
  return { text: `at least ${limit} x faster than ${other}`, figure, limit, isAtMost: false };
}

export function peakAtMost(megabytes: number, name = "slotshark"): Goal {
  const figure: Goal["figure"] = (results) => {
    const kilobytes = results.get(name)?.peakKilobytes ?? null;
    return kilobytes === null ? null : kilobytes / 1000;
  };
  return { text: `peak memory of ${name} at most ${megabytes} MB`, figure, limit: megabytes, isAtMost: true };
}

/** The peak of `name` is at most so many times that of `other`. */
export function peakAtMostTimes(limit: number, other: string, name: string): Goal {
  const figure: Goal["figure"] = (results) =>
    quotient(results.get(name)?.peakKilobytes, results.get(other)?.peakKilobytes);
  return { text: `peak memory of ${name} at most ${limit} x that of ${other}`, figure, limit, isAtMost: true };
}

/** `name` reads at least so many megabytes of capture a second. */
export function speedAtLeast(limit: number, bytes: number, name: string): Goal {
  const figure: Goal["figure"] = (results) => quotient(bytes / 1000, results.get(name)?.millis);
  return { text: `${name} at least ${limit} MB/s`, figure, limit, isAtMost: false };
}

/** `name` takes at most so many milliseconds more than `factor` times `other`. */
export function atMostBeyond(limit: number, factor: number, other: string, name: string): Goal {
  const figure: Goal["figure"] = (results) => {
    const [ours, theirs] = [results.get(name)?.millis, results.get(other)?.millis];
    return ours === undefined || theirs === undefined ? null : ours - factor * theirs;
  };
  return { text: `${name} at most ${factor} x ${other} + ${limit} ms`, figure, limit, isAtMost: true };
}

function quotient(a: number | null | undefined, b: number | null | undefined): number | null {
  return a == null || b == null ? null : a / b;
}
