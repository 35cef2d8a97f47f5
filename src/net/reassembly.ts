import type { NetworkCounters } from "./counters.ts";
import { isLost } from "./gap-judge.ts";
import { type PendingBudget, PendingSegments, type Piece } from "./pending-segments.ts";
import { PieceBuffers } from "./piece-buffers.ts";
import type { Segment } from "./segment.ts";
import type { NetworkSink } from "./stream.ts";
import { ACK_LEAD_MAX, ENDING, FLOWING, type TcpHalf, TENTATIVE, UNSEEN } from "./tcp-half.ts";

/** Segments further than this from what is expected or acknowledged belong to another stream. */
export const STREAM_REACH = 64 * 1024 * 1024;

/** A hole filled sooner than this was reordering on the way, later a retransmission. */
const REORDER_MICROS_MAX = 3_000;

/** Puts the segments of one direction in order and hands their bytes to its consumer, each exactly once. */
export class Reassembly {
  private readonly counters: NetworkCounters;
  private readonly sink: NetworkSink;
  private readonly budget: PendingBudget = { bytes: 0 };
  private readonly buffers = new PieceBuffers();

  constructor(counters: NetworkCounters, sink: NetworkSink) {
    this.counters = counters;
    this.sink = sink;
  }

  /** The next segment of an undisturbed stream: no copy, no search. */
  deliverNext(half: TcpHalf, segment: Segment): void {
    // One comparison for two rare cases: acknowledged before it came, or by far not acknowledged.
    if ((half.acked - half.next + ACK_LEAD_MAX) >>> 0 > ACK_LEAD_MAX) this.noticeLead(half);
    this.deliver(half, segment.bytes, segment.start, segment.end, segment.length);
  }

  /** A segment with payload; `sequence` is that of its first byte. */
  accept(half: TcpHalf, peer: TcpHalf, segment: Segment, sequence: number): void {
    if (half.state === UNSEEN) this.anchor(half, sequence, FLOWING);
    if (half.state === TENTATIVE) this.confirm(half, sequence);
    let length = segment.length;
    if (half.state === ENDING) {
      length = Math.min(length, (half.finSequence - sequence) | 0);
      if (length <= 0) {
        this.counters.segmentsAfterClose++;
        return;
      }
    }
    const ahead = (sequence - half.next) | 0;
    if (ahead + length <= 0) this.dropOld(half, ahead, length);
    else if (ahead > 0) this.keepEarly(half, peer, segment, sequence, length);
    else this.fill(half, peer, segment, sequence, length);
  }

  /** A segment without payload shows where its sender stands. */
  acceptBare(half: TcpHalf, sequence: number): void {
    if (half.state === UNSEEN) this.anchor(half, sequence, TENTATIVE);
    else if (((sequence - half.next) | 0) === -1) this.counters.keepAlives++;
  }

  /** The stream starts behind this SYN. */
  start(half: TcpHalf, sequence: number): void {
    half.initial = sequence;
    half.isInitialKnown = true;
    half.next = (sequence + 1) | 0;
    half.unseenAcked = 0;
    half.state = FLOWING;
  }

  /** The other end acknowledged bytes of `half`; `isDecisive` as in `isLost`. */
  acknowledge(half: TcpHalf, peer: TcpHalf, segment: Segment, isDecisive: boolean): void {
    const ack = segment.acknowledgement;
    const advance = half.isAckKnown ? (ack - half.acked) | 0 : 0;
    const isPlausible = half.state === UNSEEN ? advance <= ACK_LEAD_MAX : isPlausibleAck(half, ack);
    if (isPlausible && (advance > 0 || !half.isAckKnown)) {
      if (half.state === UNSEEN) half.unseenAcked += advance;
      half.acked = ack;
      half.isAckKnown = true;
    }
    if (half.isWaiting) this.settle(half, peer, segment.micros, isDecisive);
  }

  /** A FIN with this sequence number ends the stream. */
  end(half: TcpHalf, peer: TcpHalf, sequence: number, micros: number): void {
    if (half.state === ENDING) return;
    const ahead = (sequence - half.next) | 0;
    if (ahead < 0 || ahead > ACK_LEAD_MAX) {
      this.counters.outOfWindowSegments++;
      return;
    }
    half.state = ENDING;
    half.finSequence = sequence;
    if (!half.isWaiting) this.openHole(half, peer, micros);
    half.isWaiting = true;
    this.drain(half, peer, micros);
    this.settle(half, peer, micros, true);
  }

  /** No more segments come: what waits is delivered, and what is missing is said. */
  flush(half: TcpHalf): void {
    while (half.isWaiting) {
      this.giveUpHole(half, half, half.holeMicros);
    }
    let tail = half.unseenAcked;
    if (half.state !== UNSEEN) tail = half.isAckKnown ? (half.acked - half.next) | 0 : 0;
    // A single number may have been a FIN's that was not captured either.
    if (tail > 1 && tail <= ACK_LEAD_MAX) this.lose(half, tail);
  }

  /** Whether a segment with this sequence number can belong to the stream. */
  isWithinReach(half: TcpHalf, sequence: number): boolean {
    if (half.state < FLOWING) return true;
    const ahead = (sequence - half.next) | 0;
    if (ahead <= STREAM_REACH && ahead >= -STREAM_REACH) return true;
    // After a long gap the acknowledgements tell where the stream is now.
    if (ahead < 0 || ahead > ACK_LEAD_MAX || !half.isAckKnown) return false;
    return Math.abs((sequence - half.acked) | 0) <= STREAM_REACH;
  }

  /** The first segment of a direction that did not begin with a SYN. */
  private anchor(half: TcpHalf, sequence: number, state: 1 | 2): void {
    const behind = (half.acked - sequence) | 0;
    half.next = sequence;
    half.state = state;
    if (half.unseenAcked === 0) return;
    // Acknowledgements that advanced before this segment prove bytes that were not captured.
    this.lose(half, half.unseenAcked - Math.max(behind, 0));
    half.unseenAcked = 0;
    half.next = behind < 0 && -behind <= STREAM_REACH ? half.acked : sequence;
  }

  /** Payload confirms where the stream is; one number further if it was a keep-alive that told (RFC 9293 §3.8.4). */
  private confirm(half: TcpHalf, sequence: number): void {
    const ahead = (sequence - half.next) | 0;
    if (ahead === 1 || ahead > STREAM_REACH || ahead < -STREAM_REACH) half.next = sequence;
    half.state = FLOWING;
  }

  private noticeLead(half: TcpHalf): void {
    if (!half.isAckKnown) return;
    if (((half.acked - half.next) | 0) > 0) half.isSkewed = true;
    // Not acknowledged for long: the old value must not come around and look new.
    else half.acked = (half.next - ACK_LEAD_MAX) | 0;
  }

  private dropOld(half: TcpHalf, ahead: number, length: number): void {
    if (length === 1 && ahead === -1) this.counters.keepAlives++;
    else this.countRetransmission(half);
  }

  private keepEarly(half: TcpHalf, peer: TcpHalf, segment: Segment, sequence: number, length: number): void {
    this.counters.outOfOrderSegments++;
    const end = endOf(segment, length);
    // What `isLost` would say of the new hole: the receiver has it, and this segment need not wait.
    if (!half.isWaiting && !half.isSkewed && half.isAckKnown && ((half.acked - sequence) | 0) >= 0) {
      this.lose(half, (sequence - half.next) | 0);
      this.deliver(half, segment.bytes, segment.start, end, length);
      return;
    }
    half.pending ??= new PendingSegments(this.budget, this.buffers);
    if (!half.isWaiting) this.openHole(half, peer, segment.micros);
    half.isWaiting = true;
    half.holeFrames++;
    half.pending.insert(sequence, length, segment.bytes, segment.start, end, segment.micros, this.sink.mark?.());
    while (half.pending.isOverFull) {
      this.counters.windowOverflows++;
      this.giveUpHole(half, peer, segment.micros);
    }
    this.settle(half, peer, segment.micros, true);
  }

  /** A segment that begins at or before the next byte and reaches beyond it. */
  private fill(half: TcpHalf, peer: TcpHalf, segment: Segment, sequence: number, length: number): void {
    const known = (half.next - sequence) | 0;
    if (known > 0) this.countRetransmission(half);
    if (((half.acked - half.next) | 0) > 0) this.noticeLead(half);
    if (half.isWaiting && (half.isHoleAcked || segment.micros < half.holeMicros)) half.consumer.late?.();
    const end = endOf(segment, length);
    const pending = half.pending;
    if (pending === null || pending.count === 0 || ((pending.first.sequence - sequence - length) | 0) >= 0) {
      const start = Math.min(segment.start + known, end);
      this.deliver(half, segment.bytes, start, end, length - known);
    } else {
      const start = Math.min(segment.start + known, end);
      pending.insert(half.next, length - known, segment.bytes, start, end, segment.micros, this.sink.mark?.());
    }
    if (!half.isWaiting) return;
    half.holeFrames++;
    if (half.waitingSequence === half.next) this.countFilledHole(half, segment.micros, known > 0);
    this.drain(half, peer, segment.micros);
    this.settle(half, peer, segment.micros, true);
  }

  private countFilledHole(half: TcpHalf, micros: number, isCounted: boolean): void {
    if (half.pendingCount === 0 || !(micros - half.holeMicros >= REORDER_MICROS_MAX)) return;
    this.counters.lostThenFilled++;
    if (!isCounted) this.countRetransmission(half);
  }

  private countRetransmission(half: TcpHalf): void {
    this.counters.retransmittedSegments++;
    half.connection.facts.retransmittedSegments++;
  }

  private deliver(half: TcpHalf, bytes: Uint8Array, start: number, end: number, length: number): void {
    half.next = (half.next + length) | 0;
    const captured = end - start;
    if (captured > 0) {
      half.consumer.bytes(bytes, start, end);
      half.delivered += captured;
    }
    if (captured < length) {
      this.counters.snaplenBytes += length - captured;
      this.miss(half, length - captured, "snaplen");
    }
  }

  private lose(half: TcpHalf, length: number): void {
    if (length <= 0) return;
    half.next = (half.next + length) | 0;
    this.counters.gaps++;
    this.counters.gapBytes += length;
    this.miss(half, length, "gap");
  }

  private miss(half: TcpHalf, length: number, why: "snaplen" | "gap"): void {
    half.missingBytes += length;
    half.consumer.missing(length, why);
    half.delivered += length;
  }

  /** Gives up the holes that are known to be the capture's. */
  private settle(half: TcpHalf, peer: TcpHalf, micros: number, isDecisive: boolean): void {
    while (half.isWaiting && isLost(half, peer, micros, isDecisive)) {
      this.giveUpHole(half, peer, micros);
    }
  }

  /**
   * Bytes behind a hole that nothing will fill belong to the frames that brought them. What the hole cuts off belongs to
   * the first of those: the missing bytes were sent before it.
   */
  private giveUpHole(half: TcpHalf, peer: TcpHalf, micros: number): void {
    if (half.pendingCount > 0) this.sink.revisit?.(half.pending!.first.marks[0]!.frame);
    this.lose(half, (half.waitingSequence - half.next) | 0);
    this.drain(half, peer, micros, true);
    this.sink.revisit?.(null);
  }

  /**
   * Delivers what waits up to the next hole. Behind a filled one it counts as brought by the frame that filled it,
   * as protocol analysers have it; behind a lost one (`isRevisited`) by its own.
   */
  private drain(half: TcpHalf, peer: TcpHalf, micros: number, isRevisited = false): void {
    const pending = half.pending;
    const before = half.next;
    while (pending !== null && pending.count > 0 && pending.first.sequence === half.next) {
      const room = half.state === ENDING ? (half.finSequence - half.next) | 0 : pending.first.length;
      if (room <= 0) break;
      const piece = pending.shift();
      if (isRevisited) this.deliverMarked(half, piece, room);
      else this.deliver(half, piece.bytes, 0, Math.min(piece.captured, room), Math.min(piece.length, room));
      pending.release(piece);
    }
    if (half.state === ENDING && half.next === half.finSequence) {
      half.isFinished = true;
      half.next = (half.next + 1) | 0;
      pending?.clear();
    }
    half.isWaiting = half.pendingCount > 0 || (half.state === ENDING && !half.isFinished);
    if (half.isWaiting && half.next !== before)
      this.openHole(half, peer, pending?.count ? pending.first.micros : micros);
  }

  private deliverMarked(half: TcpHalf, { bytes, captured, length, marks }: Piece, room: number): void {
    for (let i = 0; i < marks.length; i++) {
      const { at, frame } = marks[i];
      const end = Math.min(i + 1 < marks.length ? marks[i + 1].at : length, room);
      if (end <= at) return;
      this.sink.revisit?.(frame);
      this.deliver(half, bytes, at, Math.max(at, Math.min(captured, end)), end - at);
    }
  }

  private openHole(half: TcpHalf, peer: TcpHalf, micros: number): void {
    half.holeMicros = micros;
    half.holeFrames = 0;
    half.holePeerFrames = peer.frames;
    half.isHoleAcked = false;
  }
}

/** Where the captured payload ends when only `length` bytes of it belong to the stream. */
function endOf(segment: Segment, length: number): number {
  return Math.min(segment.end, segment.start + length);
}

function isPlausibleAck(half: TcpHalf, ack: number): boolean {
  const lead = (ack - half.next) | 0;
  return lead <= ACK_LEAD_MAX && lead >= -ACK_LEAD_MAX;
}

/** Whether an acknowledgement covers more of a flowing stream than those before. */
export function advances(half: TcpHalf, ack: number): boolean {
  return half.state === FLOWING && half.isAckKnown && ((ack - half.acked) | 0) > 0 && isPlausibleAck(half, ack);
}
