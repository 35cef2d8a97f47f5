import type { PendingSegments } from "./pending-segments.ts";
import type { Connection, HalfStream, StreamConsumer } from "./stream.ts";

/** Nothing of this direction was seen. */
export const UNSEEN = 0;
/** Only segments without payload: a keep-alive among them may have been one number off. */
export const TENTATIVE = 1;
/** The next sequence number is known. */
export const FLOWING = 2;
/** A FIN was seen: the stream has an end. */
export const ENDING = 3;
/** The connection is over. */
export const ENDED = 4;

/** An acknowledgement further than this ahead of the data is not believed: no window is larger (RFC 7323 §2.3). */
export const ACK_LEAD_MAX = 1024 * 1024 * 1024;

/** One direction of a TCP connection: where its stream stands, and what is known of the holes in it. */
export class TcpHalf implements HalfStream {
  readonly connection: Connection;
  readonly index: 0 | 1;
  consumer!: StreamConsumer;
  delivered = 0;
  missingBytes = 0;

  state: 0 | 1 | 2 | 3 | 4 = UNSEEN;
  /** Sequence number of the next byte to deliver. */
  next = 0;
  /** Initial sequence number, if its SYN was seen. */
  initial = 0;
  isInitialKnown = false;
  /** Frames of this direction, second recordings left out. */
  frames = 0;
  /** Segments in a row that lie far outside of the stream. */
  strangers = 0;

  /** Highest acknowledgement of this direction's bytes. */
  acked = 0;
  isAckKnown = false;
  /** Bytes acknowledged while nothing of this direction was seen. */
  unseenAcked = 0;
  /** An acknowledgement was recorded ahead of its data: the capture's order is not to be trusted to the frame. */
  isSkewed = false;

  /** Sequence number of the FIN, when `state` is ENDING. */
  finSequence = 0;
  /** All bytes up to the FIN are delivered. */
  isFinished = false;

  /** Bytes or a FIN wait behind a hole. */
  isWaiting = false;
  pending: PendingSegments | null = null;
  /** When the hole was first seen. */
  holeMicros = Number.NaN;
  /** When an acknowledgement was first seen to cover it. */
  holeAckedMicros = Number.NaN;
  isHoleAcked = false;
  /** Segments with payload since the hole was seen. */
  holeFrames = 0;
  /** Frames of the other direction when the hole was seen. */
  holePeerFrames = 0;

  constructor(connection: Connection, index: 0 | 1) {
    this.connection = connection;
    this.index = index;
  }

  /** A single acknowledged number may have been a FIN's. */
  get hasUnseenBytes(): boolean {
    const lead = (this.acked - this.next) | 0;
    return this.state === FLOWING && this.isAckKnown && lead > 1 && lead <= ACK_LEAD_MAX;
  }

  get pendingCount(): number {
    return this.pending === null ? 0 : this.pending.count;
  }

  /** Sequence number of the first thing that waits: a byte, or else the FIN. */
  get waitingSequence(): number {
    if (this.pendingCount === 0) return this.finSequence;
    const first = this.pending!.first.sequence;
    return this.state === ENDING && ((this.finSequence - first) | 0) < 0 ? this.finSequence : first;
  }
}
