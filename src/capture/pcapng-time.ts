import type { Frame } from "./frame.ts";

const NANOS_PER_SECOND = 1_000_000_000;
const TWO_32 = 0x1_0000_0000;
/** Below this many units a second the long division by 16-bit digits stays within 2^53. */
const LONG_DIVISION_UNITS_MAX = 2 ** 37;
/** Ticks whose upper word is below this fit a double exactly. */
const EXACT_HIGH_MAX = 2 ** 21;

/** How an interface of a pcapng counts time: turns its 64-bit ticks into seconds and nanoseconds. */
export class TimeScale {
  private readonly offsetSeconds: number;
  private readonly unitsPerSecond: number;
  private readonly exactUnits: bigint;
  /** Whole nanoseconds a unit (10^-0 … 10^-9), else 0. */
  private readonly nanosPerUnit: number;
  /** Binary fractions whose remainder times 10^9 stays within 2^53. */
  private readonly isSmallBinary: boolean;

  /** `resolution` is the if_tsresol byte: 10^-n, or 2^-n when its top bit is set. */
  constructor(resolution: number, offsetSeconds: number) {
    const isBinary = (resolution & 0x80) !== 0;
    const exponent = resolution & 0x7f;
    this.offsetSeconds = offsetSeconds;
    this.exactUnits = (isBinary ? 2n : 10n) ** BigInt(exponent);
    this.unitsPerSecond = Number(this.exactUnits);
    this.nanosPerUnit = !isBinary && exponent <= 9 ? NANOS_PER_SECOND / this.unitsPerSecond : 0;
    this.isSmallBinary = isBinary && exponent <= 23;
  }

  /** Sets the time of `frame` to `high` * 2^32 + `low` units, rounded down to a nanosecond. */
  apply(frame: Frame, high: number, low: number): void {
    const units = this.unitsPerSecond;
    if (units > LONG_DIVISION_UNITS_MAX || (this.nanosPerUnit === 0 && !this.isSmallBinary)) {
      this.applyExactly(frame, high, low);
      return;
    }
    let seconds: number;
    let rest: number;
    if (high < EXACT_HIGH_MAX) {
      const ticks = high * TWO_32 + low;
      // Below 2^53 the rounded quotient never reaches a whole number that the true one does not.
      seconds = Math.floor(ticks / units);
      rest = ticks - seconds * units;
    } else {
      const top = Math.floor(high / units);
      const upper = (high - top * units) * 0x1_0000 + (low >>> 16);
      const middle = Math.floor(upper / units);
      const lower = (upper - middle * units) * 0x1_0000 + (low & 0xffff);
      const bottom = Math.floor(lower / units);
      seconds = top * TWO_32 + middle * 0x1_0000 + bottom;
      rest = lower - bottom * units;
    }
    frame.seconds = seconds + this.offsetSeconds;
    frame.nanos = this.isSmallBinary ? Math.floor((rest * NANOS_PER_SECOND) / units) : rest * this.nanosPerUnit;
  }

  /** For resolutions hardly anybody writes (finer than a nanosecond, or than 2^-23). */
  private applyExactly(frame: Frame, high: number, low: number): void {
    const ticks = (BigInt(high) << 32n) | BigInt(low);
    const seconds = ticks / this.exactUnits;
    frame.seconds = Number(seconds) + this.offsetSeconds;
    frame.nanos = Number(((ticks - seconds * this.exactUnits) * 1_000_000_000n) / this.exactUnits);
  }
}
