import type { Contender } from "./contenders.ts";
import { type Measure, measuredRun } from "./measured-run.ts";

/** What the rounds made of one contender. */
export interface Result {
  readonly name: string;
  /** In order of the rounds; none if it failed. */
  readonly rounds: readonly Measure[];
  /** Medians. */
  readonly millis: number;
  readonly peakKilobytes: number | null;
  /** What it said when it ended with an error. */
  readonly failure: string | null;
}

/**
 * Runs all contenders once in every round, so that what else the machine does meets all of them alike. A run that does
 * not count comes first: it fills the file cache. `cwd` is where they may leave files.
 */
export async function interleaved(contenders: readonly Contender[], rounds: number, cwd: string): Promise<Result[]> {
  const measures = contenders.map((): Measure[] => []);
  const failures = contenders.map((): string | null => null);
  for (let round = -1; round < rounds; round++) {
    for (const [index, { command, args }] of contenders.entries()) {
      if (failures[index] !== null || (round < 0 && index > 0)) continue;
      try {
        const measure = await measuredRun(command, args, cwd);
        if (round >= 0) measures[index]!.push(measure);
      } catch (error) {
        failures[index] = (error as Error).message;
        measures[index] = [];
      }
    }
  }
  return contenders.map(({ name }, index) => {
    const of = measures[index]!;
    const peaks = of.flatMap(({ peakKilobytes }) => peakKilobytes ?? []);
    return {
      name,
      rounds: of,
      millis: median(of.map(({ millis }) => millis)) ?? Number.NaN,
      peakKilobytes: median(peaks),
      failure: failures[index]!,
    };
  });
}

/** The smallest ratio of two contenders within one round: what disturbed one of them in the others does not count. */
export function bestRatio(ours: Result, theirs: Result): number {
  return Math.min(...ours.rounds.map(({ millis }, round) => millis / theirs.rounds[round]!.millis));
}

export function median(values: readonly number[]): number | null {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  if (sorted.length === 0) return null;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
