import { integer } from "./random.ts";
import { RecordingWire } from "./recording-wire.ts";
import { Scenario } from "./scenario.ts";

interface Due {
  readonly at: number;
  readonly action: () => void;
}

/** Events that may come before the world is stopped: a simulation that does not end is a mistake in itself. */
const EVENTS_MAX = 100_000;

/** Simulated time: what is due happens in order, and what is sent meanwhile is recorded. */
export class SimulatedWorld {
  readonly wire = new RecordingWire();
  readonly scenario = new Scenario(this.wire);
  readonly next: () => number;
  readonly #due: Due[] = [];
  readonly #endpoints = new Set<string>();

  constructor(next: () => number) {
    this.next = next;
    this.wire.stepNanos = 1000;
  }

  get now(): number {
    return this.wire.nanos;
  }

  get latencyNanos(): number {
    return this.wire.latencyNanos;
  }

  get isBusy(): boolean {
    return this.#due.length > 0;
  }

  after(nanos: number, action: () => void): void {
    const at = this.now + nanos;
    let place = this.#due.length;
    while (place > 0 && this.#due[place - 1]!.at > at) place--;
    this.#due.splice(place, 0, { at, action });
  }

  /** Messages that follow each other at once, each a round trip after the one before. */
  dialogue<T>(talk: () => T): T {
    this.wire.stepNanos = 2 * this.latencyNanos + 1000;
    const result = talk();
    this.wire.stepNanos = 1000;
    return result;
  }

  /** An endpoint of the host that no connection uses; often one that an earlier connection had. */
  freeEndpoint(host: string, isJoined: boolean): string {
    // What was there before the capture cannot have a port of a connection that was opened in it.
    for (let port = isJoined ? 600 : integer(this.next, 700, 708); ; port++) {
      const endpoint = `${host}:${port}`;
      if (this.#endpoints.has(endpoint)) continue;
      this.#endpoints.add(endpoint);
      return endpoint;
    }
  }

  release(endpoint: string): void {
    this.#endpoints.delete(endpoint);
  }

  run(): void {
    for (let events = 0; this.#due.length > 0; events++) {
      if (events > EVENTS_MAX) throw new Error("the simulation does not end");
      const { at, action } = this.#due.shift()!;
      this.wire.nanos = Math.max(this.now, at);
      action();
    }
  }
}
