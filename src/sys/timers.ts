/** Calls a pending callback off; without effect once it ran. */
export type Cancel = () => void;

/** The passing of time, as far as servers and requesters need it. Simulations have one of their own. */
export interface Timers {
  /** Nanoseconds of a clock that only goes forward. */
  nowNanos(): number;
  /** Nanoseconds since 1970, for the times of files. */
  wallNanos(): bigint;
  /** Calls back once, after so many milliseconds. */
  after(millis: number, callback: () => void): Cancel;
}

/** The clock of this machine. A pending callback does not keep the program alive. */
export const systemTimers: Timers = {
  nowNanos: () => Math.round(performance.now() * 1e6),
  wallNanos: () => BigInt(Math.round((performance.timeOrigin + performance.now()) * 1000)) * 1000n,
  after(millis, callback) {
    const timer = setTimeout(callback, millis);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
