/** A duration for people: `31.2 s`, `0.4 ms`. */
export function seconds(nanos: number): string {
  return nanos >= 100e6 ? `${(nanos / 1e9).toFixed(1)} s` : `${(nanos / 1e6).toFixed(1)} ms`;
}
