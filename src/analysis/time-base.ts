/**
 * Times inside an analysis are nanoseconds since one whole second near its beginning: a double keeps
 * them exact for 104 days, where nanoseconds since 1970 would lose the last two digits.
 */
export class TimeBase {
  #seconds: number | null = null;

  /** Nanoseconds since the base, which is the first time ever given. */
  since(seconds: number, nanos: number): number {
    this.#seconds ??= seconds;
    return (seconds - this.#seconds) * 1e9 + nanos;
  }

  /** Epoch seconds with nine decimals. */
  format(at: number): string {
    const seconds = Math.floor(at / 1e9);
    return `${(this.#seconds ?? 0) + seconds}.${String(at - seconds * 1e9).padStart(9, "0")}`;
  }
}
