import type { Cancel, Timers } from "../../src/sys/timers.ts";

const NANOS_PER_MILLI = 1_000_000;
/** 2024-01-01, so that times of files look like times. */
const WALL_ORIGIN_NANOS = 1_704_067_200_000_000_000n;
/** Callbacks run by one `advance` or `until`: a test that spins without end fails instead. */
const STEPS_MAX = 10_000_000;

interface Appointment {
  readonly atNanos: number;
  readonly order: number;
  /** Null once it ran or was called off. */
  callback: (() => void) | null;
}

/** Time that passes only when a test says so; everything that became due runs in order, promises included. */
export class VirtualTimers implements Timers {
  #nowNanos = 0;
  #order = 0;
  /** A binary heap, the earliest first. */
  readonly #heap: Appointment[] = [];
  #cancelled = 0;

  nowNanos(): number {
    return this.#nowNanos;
  }

  get nowMillis(): number {
    return this.#nowNanos / NANOS_PER_MILLI;
  }

  wallNanos(): bigint {
    return WALL_ORIGIN_NANOS + BigInt(Math.round(this.#nowNanos));
  }

  after(millis: number, callback: () => void): Cancel {
    const atNanos = this.#nowNanos + Math.max(0, millis) * NANOS_PER_MILLI;
    const appointment: Appointment = { atNanos, order: this.#order++, callback };
    this.#push(appointment);
    return () => {
      if (appointment.callback === null) return;
      appointment.callback = null;
      this.#cancelled++;
    };
  }

  /** Callbacks that still wait for their time. */
  get pending(): number {
    return this.#heap.length - this.#cancelled;
  }

  /** Lets so much time pass. */
  async advance(millis: number): Promise<void> {
    const untilNanos = this.#nowNanos + millis * NANOS_PER_MILLI;
    await settle();
    for (let steps = 0; this.#heap.length > 0 && this.#heap[0]!.atNanos <= untilNanos; steps++) {
      if (steps > STEPS_MAX) throw new Error(`more than ${STEPS_MAX} callbacks`);
      await this.#step();
    }
    this.#nowNanos = untilNanos;
    await settle();
  }

  /** Lets time pass until the promise is settled, and gives its value; fails when nothing is left that could settle it. */
  async until<T>(promise: Promise<T>, withinMillis = 24 * 3600 * 1000): Promise<T> {
    const lastNanos = this.#nowNanos + withinMillis * NANOS_PER_MILLI;
    let isSettled = false;
    const mark = () => {
      isSettled = true;
    };
    promise.then(mark, mark);
    await settle();
    for (let steps = 0; !isSettled; steps++) {
      const next = this.#heap[0];
      if (next === undefined) throw new Error("nothing is due any more, and the promise is not settled");
      if (next.atNanos > lastNanos) throw new Error(`not settled within ${withinMillis} ms`);
      if (steps > STEPS_MAX) throw new Error(`more than ${STEPS_MAX} callbacks`);
      await this.#step();
    }
    return promise;
  }

  async #step(): Promise<void> {
    const next = this.#pop();
    const { callback } = next;
    if (callback === null) {
      this.#cancelled--;
      return;
    }
    next.callback = null;
    this.#nowNanos = Math.max(this.#nowNanos, next.atNanos);
    callback();
    await settle();
  }

  #push(appointment: Appointment): void {
    const heap = this.#heap;
    let at = heap.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isEarlier(appointment, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = appointment;
  }

  #pop(): Appointment {
    const heap = this.#heap;
    const first = heap[0]!;
    const last = heap.pop()!;
    if (heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isEarlier(heap[child + 1]!, heap[child]!)) child++;
      if (!isEarlier(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isEarlier(left: Appointment, right: Appointment): boolean {
  return left.atNanos < right.atNanos || (left.atNanos === right.atNanos && left.order < right.order);
}

/** All promises that can go on have done so when the event loop comes round. */
function settle(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
