import type { Probe, Verdict } from "./probe.ts";
import type { ProbeResult } from "./result.ts";

/** What all report formats are made of. */
export interface ProbeReport {
  /** Name and version of the program. */
  readonly tool: string;
  /** `10.0.0.1:2049` */
  readonly server: string;
  /** Which family a probe belongs to, in the order of the report. */
  readonly families: ReadonlyMap<string, readonly Probe[]>;
  readonly runs: readonly ProbeRun[];
}

/** All probes in one minor version. */
export interface ProbeRun {
  readonly minorVersion: number;
  readonly results: readonly ProbeResult[];
}

/** How many probes ended with each verdict. */
export type VerdictCounts = Readonly<Record<Verdict, number>>;

/** Counts results by verdict. */
export function countVerdicts(results: readonly ProbeResult[]): VerdictCounts {
  const counts = { pass: 0, "pass-alternative": 0, deviates: 0, inconclusive: 0, skipped: 0 };
  for (const { verdict } of results) counts[verdict]++;
  return counts;
}

/** The family of a probe; null for one that the report knows none of. */
export function familyOf(probe: Probe, { families }: ProbeReport): string | null {
  for (const [family, members] of families) if (members.some(({ id }) => id === probe.id)) return family;
  return null;
}

/** Time in probes; what lies between them is no part of it. */
export function totalMillis(results: readonly ProbeResult[]): number {
  return results.reduce((sum, { elapsedMillis }) => sum + elapsedMillis, 0);
}
