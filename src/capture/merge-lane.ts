import { blankFrame } from "./blank-frame.ts";
import type { Frame, FrameReader } from "./frame.ts";

/** One capture: its next frame and the latest time it reached. */
export class Lane {
  readonly frame: Frame;
  /** Order among equal times. */
  rank: number;
  seconds = -1e300;
  nanos = 0;
  isEnded = false;
  private readonly reader: FrameReader;

  constructor(reader: FrameReader, capture: number) {
    this.reader = reader;
    this.rank = capture;
    this.frame = blankFrame(capture);
  }

  /** Goes to the next frame in memory; false when there is none. */
  advance(): boolean {
    const { frame } = this;
    if (!this.reader.next(frame)) return false;
    const { seconds, nanos } = frame;
    if (seconds > this.seconds || (seconds === this.seconds && nanos > this.nanos)) {
      this.seconds = seconds;
      this.nanos = nanos;
    }
    return true;
  }

  /** Goes to the next frame, reading more as needed; sets `isEnded` when there is none. */
  async advanceOrFill(): Promise<void> {
    while (!this.advance()) {
      if (!(await this.reader.fill())) {
        this.isEnded = true;
        return;
      }
    }
  }

  isBefore(other: Lane): boolean {
    if (this.seconds !== other.seconds) return this.seconds < other.seconds;
    if (this.nanos !== other.nanos) return this.nanos < other.nanos;
    return this.rank < other.rank;
  }
}

/** A binary heap; its top is the lane whose frame comes next. */
export class LaneHeap {
  private readonly lanes: Lane[] = [];

  constructor(lanes: readonly Lane[]) {
    this.lanes = [...lanes].sort((a, b) => (a.isBefore(b) ? -1 : 1));
  }

  get top(): Lane | null {
    return this.lanes.length === 0 ? null : this.lanes[0];
  }

  /** More than one lane is left: the next frame may be another's. */
  get isShared(): boolean {
    return this.lanes.length > 1;
  }

  /** Restores the order after the top moved on; gives the new top. */
  settleTop(): Lane {
    const { lanes } = this;
    const lane = lanes[0];
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= lanes.length) break;
      if (child + 1 < lanes.length && lanes[child + 1].isBefore(lanes[child])) child++;
      if (!lanes[child].isBefore(lane)) break;
      lanes[at] = lanes[child];
      at = child;
    }
    lanes[at] = lane;
    return lanes[0];
  }

  removeTop(): void {
    const last = this.lanes.pop() as Lane;
    if (this.lanes.length === 0) return;
    this.lanes[0] = last;
    this.settleTop();
  }
}
