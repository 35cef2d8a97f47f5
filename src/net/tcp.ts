import { ConnectionTable } from "./connection-table.ts";
import type { NetworkCounters } from "./counters.ts";
import { type Duplicates, fingerprint } from "./duplicates.ts";
import type { Endpoints } from "./endpoints.ts";
import type { Packet } from "./packet.ts";
import { advances, Reassembly, STREAM_REACH } from "./reassembly.ts";
import { ACK, FIN, RST, readSegment, Segment, SYN } from "./segment.ts";
import type { NetworkSink, StreamConsumer } from "./stream.ts";
import { TcpFlow } from "./tcp-flow.ts";
import { ENDED, FLOWING, type TcpHalf, TENTATIVE, UNSEEN } from "./tcp-half.ts";

/** So many segments in a row far outside of the stream are another connection whose SYN was not captured. */
const STRANGERS_MAX = 8;
/** Hears what an ended connection still sends: nothing. */
const NOBODY: StreamConsumer = { bytes() {}, missing() {} };

/** Follows TCP connections: when they open and close, and which segment belongs to which. */
export class Tcp {
  private readonly sink: NetworkSink;
  private readonly counters: NetworkCounters;
  private readonly duplicates: Duplicates;
  private readonly endpoints: Endpoints;
  private readonly table = new ConnectionTable();
  private readonly reassembly: Reassembly;
  private readonly segment = new Segment();

  constructor(sink: NetworkSink, counters: NetworkCounters, duplicates: Duplicates, endpoints: Endpoints) {
    this.sink = sink;
    this.counters = counters;
    this.duplicates = duplicates;
    this.endpoints = endpoints;
    this.reassembly = new Reassembly(counters, sink);
  }

  receive(packet: Packet): void {
    const segment = this.segment;
    if (!readSegment(segment, packet)) {
      this.counters.malformed++;
      return;
    }
    this.counters.tcp++;
    const flow = this.table.find(packet, segment.ports);
    const mark = (segment.checksum << 16) | (packet.identification & 0xffff);
    const size = (segment.length << 8) | segment.flags;
    const print = fingerprint(segment.ports, segment.acknowledgement, mark, size);
    if (flow === null) {
      this.duplicates.remember(print, segment.sequence, packet);
      this.receiveUnknown(packet, segment);
      return;
    }
    const index = this.table.isReversed ? 1 : 0;
    const half = flow.halves[index];
    const peer = flow.halves[1 - index]!;
    if (isUndisturbed(half, peer, segment)) {
      this.duplicates.remember(print, segment.sequence, packet);
      this.table.touch(flow);
      half.frames++;
      this.receiveAck(flow, half, peer, segment, segment.length > 0);
      if (segment.length > 0) {
        half.strangers = 0;
        this.reassembly.deliverNext(half, segment);
      }
    } else if (this.duplicates.repeats(print, segment.sequence, packet)) {
      this.counters.duplicateFrames++;
      flow.facts.duplicateFrames++;
    } else {
      this.receiveKnown(packet, flow, half, segment);
    }
  }

  /** The capture is over: what waits is delivered; connections that live on stay open. */
  finish(): void {
    for (const flow of this.table.living()) this.flush(flow);
  }

  /** Only a SYN or payload opens a connection: late ACKs, FINs and RSTs of an old one must not. */
  private receiveUnknown(packet: Packet, segment: Segment): void {
    const isOpening = (segment.flags & RST) === 0 && ((segment.flags & SYN) !== 0 || segment.length > 0);
    if (!isOpening) {
      this.counters.straySegments++;
      return;
    }
    const flow = this.open(packet, segment);
    this.advance(packet, flow, flow.halves[0], segment);
  }

  private receiveKnown(packet: Packet, flow: TcpFlow, half: TcpHalf, segment: Segment): void {
    const isTakeover = flow.ended === null ? isForeignSyn(flow, half, segment) : opensAnew(half, segment);
    if (isTakeover) {
      this.replace(packet, flow, segment);
    } else if (flow.ended === null) {
      this.table.touch(flow);
      this.advance(packet, flow, half, segment);
    } else if (segment.length > 0) {
      this.counters.segmentsAfterClose++;
    }
  }

  private advance(packet: Packet, flow: TcpFlow, half: TcpHalf, segment: Segment): void {
    const { flags, length } = segment;
    const isSyn = (flags & SYN) !== 0;
    if (!isSyn && !this.reassembly.isWithinReach(half, segment.sequence)) {
      this.counters.outOfWindowSegments++;
      if (length > 0 && ++half.strangers >= STRANGERS_MAX) this.replace(packet, flow, segment);
      return;
    }
    if (length > 0) half.strangers = 0;
    half.frames++;
    const peer = flow.halves[half.index === 0 ? 1 : 0];
    if ((flags & RST) !== 0) {
      // Its acknowledgement may be the last word on what had arrived.
      this.receiveAck(flow, half, peer, segment, true);
      flow.endedBy ??= half.index;
      this.close(flow, "rst");
      return;
    }
    if (isSyn) this.receiveSyn(flow, half, segment);
    this.receiveAck(flow, half, peer, segment, length > 0 || (flags & FIN) !== 0);
    const sequence = isSyn ? (segment.sequence + 1) | 0 : segment.sequence;
    if (length > 0) this.reassembly.accept(half, peer, segment, sequence);
    else if (!isSyn) this.reassembly.acceptBare(half, sequence);
    if ((flags & FIN) !== 0) this.reassembly.end(half, peer, (sequence + length) | 0, segment.micros);
    if (!half.isFinished) return;
    flow.endedBy ??= half.index;
    if (peer.isFinished) this.close(flow, "fin");
    else if ((flags & FIN) !== 0) this.sink.closing?.(flow);
  }

  private receiveSyn(flow: TcpFlow, half: TcpHalf, segment: Segment): void {
    const isAnswer = (segment.flags & ACK) !== 0;
    flow.initiator ??= isAnswer === (half.index === 0) ? 1 : 0;
    flow.isShakingHands = true;
    if (!isAnswer) flow.synMicros = segment.micros;
    else if (flow.facts.synToSynAckMicros === null) {
      flow.synAckMicros = segment.micros;
      if (!Number.isNaN(flow.synMicros)) flow.facts.synToSynAckMicros = segment.micros - flow.synMicros;
    }
    if (half.isInitialKnown) {
      this.counters.retransmittedSegments++;
      flow.facts.retransmittedSegments++;
      return;
    }
    if (half.state < FLOWING) this.reassembly.start(half, segment.sequence);
    half.initial = segment.sequence;
    half.isInitialKnown = true;
    flow.handshakeSeen = flow.halves[0].isInitialKnown && flow.halves[1].isInitialKnown;
  }

  private receiveAck(flow: TcpFlow, half: TcpHalf, peer: TcpHalf, segment: Segment, isDecisive: boolean): void {
    if ((segment.flags & ACK) === 0) return;
    if (segment.window === 0) flow.facts.zeroWindows++;
    if (flow.isShakingHands && (segment.flags & SYN) === 0 && half.index === flow.initiator) {
      flow.isShakingHands = false;
      const micros = segment.micros - flow.synAckMicros;
      if (!Number.isNaN(micros)) flow.facts.synAckToAckMicros = micros;
    }
    if (((segment.acknowledgement - peer.acked) | 0) > 0 || peer.isWaiting || !peer.isAckKnown) {
      this.reassembly.acknowledge(peer, half, segment, isDecisive);
    }
  }

  private open(packet: Packet, segment: Segment): TcpFlow {
    let old = this.table.surplus(packet, segment.ports);
    while (old !== null) {
      this.evict(old);
      old = this.table.surplus(packet, segment.ports);
    }
    const from = this.endpoints.source(packet, segment.ports >>> 16);
    const to = this.endpoints.destination(packet, segment.ports & 0xffff);
    const flow = new TcpFlow(this.counters.connections++, from, to);
    this.table.add(flow, packet, segment.ports);
    // Consumers ask whether the beginning was captured.
    if ((segment.flags & SYN) !== 0) flow.initiator = (segment.flags & ACK) === 0 ? 0 : 1;
    flow.halves[0].consumer = this.sink.open(flow, 0);
    flow.halves[1].consumer = this.sink.open(flow, 1);
    return flow;
  }

  /** Another connection has taken the 4-tuple over, with this segment. */
  private replace(packet: Packet, flow: TcpFlow, segment: Segment): void {
    if (flow.ended === null) this.close(flow, "reuse");
    this.table.remove(flow);
    const heir = this.open(packet, segment);
    this.advance(packet, heir, heir.halves[0], segment);
  }

  private close(flow: TcpFlow, how: "fin" | "rst" | "reuse"): void {
    this.flush(flow);
    flow.ended = how;
    this.table.retire(flow);
    this.sink.closed(flow);
    for (const half of flow.halves) {
      if (half.state >= FLOWING) half.state = ENDED;
      // The table remembers ended connections for a while, their consumers need not live that long.
      half.consumer = NOBODY;
    }
  }

  private evict(flow: TcpFlow): void {
    this.table.remove(flow);
    // Nothing is lost with one that has ended.
    if (flow.ended !== null) return;
    this.counters.connectionsEvicted++;
    flow.facts.evicted = true;
    this.flush(flow);
    this.sink.closed(flow);
  }

  private flush(flow: TcpFlow): void {
    this.reassembly.flush(flow.halves[0]);
    this.reassembly.flush(flow.halves[1]);
  }
}

/**
 * The usual case: in-order payload of a stream without holes, or an acknowledgement of more than before. That cannot be
 * a duplicate either, whose first recording would have moved the stream on.
 */
function isUndisturbed(half: TcpHalf, peer: TcpHalf, { sequence, length, flags, acknowledgement }: Segment): boolean {
  if (half.state !== FLOWING || sequence !== half.next || (flags & (SYN | FIN | RST)) !== 0) return false;
  return length > 0 ? !half.isWaiting : (flags & ACK) !== 0 && advances(peer, acknowledgement);
}

/** Whether a SYN starts another connection on the 4-tuple of a living one. */
function isForeignSyn(flow: TcpFlow, half: TcpHalf, segment: Segment): boolean {
  if ((segment.flags & SYN) === 0 || (segment.flags & RST) !== 0) return false;
  if (half.isInitialKnown) return segment.sequence !== half.initial;
  if (half.state === UNSEEN || half.state === TENTATIVE) return !flow.halves[half.index === 0 ? 1 : 0].isInitialKnown;
  // The SYN may have been recorded behind the data it precedes.
  return ((half.next - half.delivered) | 0) !== ((segment.sequence + 1) | 0);
}

/** Whether a segment on the 4-tuple of an ended connection starts another. */
function opensAnew(half: TcpHalf, segment: Segment): boolean {
  if ((segment.flags & RST) !== 0) return false;
  if ((segment.flags & SYN) !== 0) {
    // A late answer to the old SYN does not, a SYN does: no host repeats one after the end.
    return (segment.flags & ACK) === 0 || !half.isInitialKnown || segment.sequence !== half.initial;
  }
  if (segment.length === 0 || half.state < FLOWING) return false;
  const ahead = (segment.sequence - half.next) | 0;
  return ahead > STREAM_REACH || ahead < -STREAM_REACH;
}
