/** Milliseconds of a clock that only goes forward, for pacing; never a date. */
export function monotonicMillis(): number {
  return performance.now();
}
