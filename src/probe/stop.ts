import type { Verdict } from "./probe.ts";

/** Ends a probe before its end; not an error of the program. */
export class Stop extends Error {
  readonly verdict: Extract<Verdict, "inconclusive" | "skipped">;

  constructor(verdict: Stop["verdict"], reason: string) {
    super(reason);
    this.name = "Stop";
    this.verdict = verdict;
  }
}
