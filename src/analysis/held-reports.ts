import type { Finding } from "../rules/finding.ts";
import type { Report, Rule } from "../rules/rule.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { Judged } from "./confidence.ts";

/** A hole on another connection is noticed at most so long after what it hides: see net/gap-judge.ts. */
const HELD_NANOS = 10e9;
/** Beyond it the oldest are let go early. */
const HELD_REPORTS_MAX = 4096;

/** A report that would be a finding, if no hole turns up that explains it. */
export interface HeldReport {
  readonly rule: Rule;
  readonly report: Report;
  readonly judged: Judged;
  /** The slot's state when it was reported. */
  readonly evidence: Finding["evidence"];
  /** From when on a hole would matter. */
  readonly since: number;
  /** On which it would. */
  readonly connections: readonly ObservedConnection[];
}

/** Keeps reports back until the capture has gone on for long enough to know its holes. First in, first out. */
export class HeldReports {
  #held: { report: HeldReport; at: number }[] = [];
  /** Let go early because too many waited. */
  hurried = 0;
  readonly #letGo: (report: HeldReport) => void;

  constructor(letGo: (report: HeldReport) => void) {
    this.#letGo = letGo;
  }

  /** `at`: the capture's time. */
  hold(report: HeldReport, at: number): void {
    this.#held.push({ report, at });
    if (this.#held.length <= HELD_REPORTS_MAX) return;
    this.hurried += HELD_REPORTS_MAX / 2;
    this.#letGoFirst(HELD_REPORTS_MAX / 2);
  }

  /** Lets go of those that were held for long enough; Infinity: of all. */
  release(at: number): void {
    const young = this.#held.findIndex((entry) => at - entry.at < HELD_NANOS);
    this.#letGoFirst(young < 0 ? this.#held.length : young);
  }

  #letGoFirst(count: number): void {
    if (count === 0) return;
    const ready = this.#held.splice(0, count);
    for (const { report } of ready) this.#letGo(report);
  }

  limits() {
    return [{ name: "reports held until holes are known", bound: HELD_REPORTS_MAX, dropped: this.hurried }];
  }
}
