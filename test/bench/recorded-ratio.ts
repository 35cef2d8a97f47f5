import type { Input } from "./inputs/index.ts";

/**
 * What `ratio.test.ts` guards: time of slotshark by that of capinfos, each with its start-up, best of five rounds on
 * captures of a twentieth of the full length. Recorded on a quiet machine, and again when it has become better: the test
 * prints it. The long form of it all: `RESULTS.md`.
 */
export const RECORDED = {
  date: "2026-12-01",
  machine: "2 x AMD EPYC, 24 GB, linux, Node 20.20.2",
  factor: 0.05,
  ratios: { metadata: 18, lossy: 53, bulk: 5 } satisfies Partial<Record<Input["name"], number>>,
} as const;

/** Beyond so many times the recorded ratio something is wrong that no machine's kind explains. */
export const TOLERANCE = 2.5;
