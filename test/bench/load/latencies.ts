/** Buckets of a hundredth: from a microsecond to a minute in less than 2,000. */
const STEP = Math.log(1.01);
const BUCKETS = 2000;

/** How long many things took, to a hundredth, in the same memory however many they are. */
export class Latencies {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;

  add(millis: number): void {
    const bucket = Math.round(Math.log(Math.max(1, millis * 1000)) / STEP);
    this.#counts[Math.min(bucket, BUCKETS - 1)]!++;
    this.#count++;
  }

  /** What so many percent stayed below, in milliseconds. */
  percentile(percent: number): number {
    const wanted = (this.#count * percent) / 100;
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket]!;
      if (seen >= wanted) return Math.exp(bucket * STEP) / 1000;
    }
    return Number.NaN;
  }
}
