/** Sub-buckets of each power of two: a percentile is at most 1/16 too high. */
const STEPS = 16;
const OCTAVES = 40;

/** Counts durations in buckets that grow with them, so that percentiles cost no memory per sample. */
export class Histogram {
  readonly #counts = new Uint32Array(STEPS * OCTAVES);
  count = 0;
  max = 0;

  /** `value`: any non-negative number; the unit is the caller's. */
  add(value: number): void {
    const whole = value < 1 ? 0 : Math.floor(value);
    this.#counts[bucketOf(whole)]!++;
    this.count++;
    if (whole > this.max) this.max = whole;
  }

  /** Adds all samples of another histogram. */
  addAll(other: Histogram): void {
    for (let bucket = 0; bucket < this.#counts.length; bucket++) this.#counts[bucket]! += other.#counts[bucket]!;
    this.count += other.count;
    if (other.max > this.max) this.max = other.max;
  }

  /** The upper edge of the bucket that holds the `share` quantile (0 … 1), never above `max`; null without samples. */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.count));
    // The last bucket has no edge: what is too large for the others is in it.
    for (let bucket = 0; bucket < this.#counts.length - 1; bucket++) {
      left -= this.#counts[bucket]!;
      if (left <= 0) return Math.min(this.max, upperEdgeOf(bucket));
    }
    return this.max;
  }
}

function bucketOf(value: number): number {
  if (value < STEPS) return value;
  // Whole numbers of 31 bits, which is all but hours of microseconds, need no floating point.
  if (value <= 0x7fff_ffff) {
    const octave = 28 - Math.clz32(value);
    return octave * STEPS + (value >> (octave - 1)) - STEPS;
  }
  const octave = Math.min(OCTAVES - 1, Math.floor(Math.log2(value)) - 3);
  return octave * STEPS + Math.min(STEPS - 1, Math.floor(value / 2 ** (octave - 1)) - STEPS);
}

function upperEdgeOf(bucket: number): number {
  if (bucket < STEPS) return bucket;
  const octave = Math.floor(bucket / STEPS);
  return ((bucket % STEPS) + STEPS + 1) * 2 ** (octave - 1) - 1;
}
