import type { Frame } from "../capture/frame.ts";
import type { Sighting } from "../session/sighting.ts";
import type { TimeBase } from "./time-base.ts";

export interface FrameMark extends Sighting {
  readonly interfaceId: number;
}

/** The frame being pushed through the layers: what is seen now is seen here. */
export class CurrentFrame implements Sighting {
  capture = 0;
  frame = 0;
  /** A frame without a time keeps that of its predecessor. Not a small integer at first: those are stored otherwise. */
  at = Number.NaN;
  hasTime = false;
  /** No frame so far was later: files of several interfaces are not in the order of time. */
  latestAt = Number.NaN;
  interfaceId = 0;

  readonly #timeBase: TimeBase;
  /** The frame to come back to while another is revisited. */
  #present: FrameMark | null = null;

  constructor(timeBase: TimeBase) {
    this.#timeBase = timeBase;
    this.at = 0;
    this.latestAt = 0;
  }

  set(frame: Frame): void {
    this.capture = frame.capture;
    this.frame = frame.number;
    this.interfaceId = frame.interfaceId;
    this.hasTime = !Number.isNaN(frame.seconds);
    if (this.hasTime) this.at = this.#timeBase.since(frame.seconds, frame.nanos);
    if (this.at > this.latestAt) this.latestAt = this.at;
  }

  /** Enough to come back to this frame. */
  mark(): FrameMark {
    return { capture: this.capture, frame: this.frame, at: this.at, interfaceId: this.interfaceId };
  }

  /** Goes back to a marked frame; null: to the one that was current before. */
  revisit(mark: FrameMark | null): void {
    const to = mark ?? this.#present;
    if (mark === null) this.#present = null;
    else this.#present ??= this.mark();
    if (to === null) return;
    this.capture = to.capture;
    this.frame = to.frame;
    this.at = to.at;
    this.interfaceId = to.interfaceId;
  }

  /** A copy that stays. */
  sighting(): Sighting {
    return { capture: this.capture, frame: this.frame, at: this.at };
  }
}
