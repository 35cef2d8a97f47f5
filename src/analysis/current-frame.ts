import type { Frame } from "../capture/frame.ts";
import type { Sighting } from "../session/sighting.ts";
import type { TimeBase } from "./time-base.ts";

/** The frame being pushed through the layers: what is seen now is seen here. */
export class CurrentFrame implements Sighting {
  capture = 0;
  frame = 0;
  /** A frame without a time keeps that of its predecessor. Not a small integer at first: those are stored otherwise. */
  at = Number.NaN;
  hasTime = false;
  interfaceId = 0;

  readonly #timeBase: TimeBase;

  constructor(timeBase: TimeBase) {
    this.#timeBase = timeBase;
    this.at = 0;
  }

  set(frame: Frame): void {
    this.capture = frame.capture;
    this.frame = frame.number;
    this.interfaceId = frame.interfaceId;
    this.hasTime = !Number.isNaN(frame.seconds);
    if (this.hasTime) this.at = this.#timeBase.since(frame.seconds, frame.nanos);
  }

  /** A copy that stays. */
  sighting(): Sighting {
    return { capture: this.capture, frame: this.frame, at: this.at };
  }
}
