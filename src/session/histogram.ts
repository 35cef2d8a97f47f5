/** Sub-buckets of each power of two: a percentile is at most 1/16 too high. */
const STEPS = 16;
const OCTAVES = 40;
const BUCKETS = STEPS * OCTAVES;

const NO_COUNTS = new Uint32Array(0);

/**
 * Counts durations in buckets that grow with them, so that percentiles cost no memory per sample. It has room for the
 * octaves from the shortest to the longest only: there is one of these for each slot, and its times are much alike.
 */
export class Histogram {
  #counts = NO_COUNTS;
  /** The bucket that is counted first; a multiple of STEPS. */
  #first = 0;
  count = 0;
  max = 0;

  /** `value`: any non-negative number; the unit is the caller's. */
  add(value: number): void {
    const whole = value < 1 ? 0 : Math.floor(value);
    this.#addTo(bucketOf(whole), 1);
    this.count++;
    if (whole > this.max) this.max = whole;
  }

  /** Adds all samples of another histogram. */
  addAll(other: Histogram): void {
    for (let at = 0; at < other.#counts.length; at++) {
      if (other.#counts[at]! > 0) this.#addTo(other.#first + at, other.#counts[at]!);
    }
    this.count += other.count;
    if (other.max > this.max) this.max = other.max;
  }

  #addTo(bucket: number, samples: number): void {
    if ((bucket - this.#first) >>> 0 >= this.#counts.length) this.#reach(bucket);
    this.#counts[bucket - this.#first]! += samples;
  }

  #reach(bucket: number): void {
    const octave = bucket - (bucket % STEPS);
    if (this.#counts === NO_COUNTS) this.#first = octave;
    const first = Math.min(octave, this.#first);
    const counts = new Uint32Array(Math.max(octave + STEPS, this.#first + this.#counts.length) - first);
    counts.set(this.#counts, this.#first - first);
    this.#counts = counts;
    this.#first = first;
  }

  /** The upper edge of the bucket that holds the `share` quantile (0 … 1), never above `max`; null without samples. */
  quantile(share: number): number | null {
    if (this.count === 0) return null;
    let left = Math.max(1, Math.ceil(share * this.count));
    for (let at = 0; at < this.#counts.length; at++) {
      left -= this.#counts[at]!;
      // The last bucket has no edge: what is too large for the others is in it.
      const bucket = this.#first + at;
      if (left <= 0 && bucket < BUCKETS - 1) return Math.min(this.max, upperEdgeOf(bucket));
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
