/** Milliseconds of a clock that only goes forward, for pacing; never a date. */
export function monotonicMillis(): number {
  // `performance` brings a part of Node along that takes longer to load than a short capture to analyse.
  const [seconds, nanos] = process.hrtime();
  return seconds * 1000 + nanos / 1e6;
}
