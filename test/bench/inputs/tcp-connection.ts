import { checksum, ethernet, tcpSegment } from "../../support/network-packets.ts";
import type { CaptureFile } from "./capture-file.ts";

/** Two times NOP, then TSval and TSecr. RFC 7323 §3.2 */
const TIMESTAMPS = Uint8Array.of(1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0);
const NOTHING: Uint8Array = new Uint8Array(0);

const SYN = 0x02;
const PSH = 0x08;
const ACK = 0x10;

/** Where what changes stands in a frame of Ethernet, IPv4 and TCP. */
const IP = 14;
const IP_LENGTH = IP + 2;
const IP_ID = IP + 4;
const IP_FLAGS = IP + 6;
const IP_CHECKSUM = IP + 10;
const TCP = IP + 20;
const TCP_SEQ = TCP + 4;
const TCP_ACK = TCP + 8;
const TCP_FLAGS = TCP + 13;
const TS_VAL = TCP + 24;
const TS_ECR = TCP + 28;

const DONT_FRAGMENT = 0x4000;

export interface TcpOptions {
  client: string;
  server: string;
  /** The most that one frame carries. */
  segmentBytes: number;
  next: () => number;
}

/** A TCP connection whose segments go into a capture. */
export class TcpConnection {
  readonly client: TcpEnd;
  readonly server: TcpEnd;

  constructor(capture: CaptureFile, options: TcpOptions) {
    this.client = new TcpEnd(capture, options.client, options.server, options);
    this.server = new TcpEnd(capture, options.server, options.client, options);
  }

  handshake(): void {
    this.client.segment(this.server, SYN);
    this.server.segment(this.client, SYN | ACK);
    this.client.segment(this.server, ACK);
  }

  /** `end` sends up to this many segments of what it has queued; false if that was nothing. */
  send(end: TcpEnd, segmentsMax = Number.POSITIVE_INFINITY): boolean {
    return end.sendQueued(this.other(end), segmentsMax);
  }

  acknowledge(end: TcpEnd): void {
    end.segment(this.other(end), ACK);
  }

  other(end: TcpEnd): TcpEnd {
    return end === this.client ? this.server : this.client;
  }
}

interface Queued {
  readonly bytes: Uint8Array;
  readonly arrived: () => void;
}

/** One end of a connection. Its frames are made from one head in which little changes from segment to segment. */
export class TcpEnd {
  readonly #capture: CaptureFile;
  readonly #segmentBytes: number;
  readonly #head: Uint8Array;
  readonly #view: DataView;
  readonly #queue: Queued[] = [];
  /** Bytes of the first of the queue that were sent. */
  #sent = 0;
  #seq: number;
  #id: number;
  #clock = 0;

  constructor(capture: CaptureFile, from: string, to: string, { segmentBytes, next }: TcpOptions) {
    const initial = Math.floor(next() * 0x1_0000_0000);
    this.#capture = capture;
    this.#segmentBytes = segmentBytes;
    this.#head = ethernet(tcpSegment({ from, to, seq: 0, options: TIMESTAMPS }));
    this.#view = new DataView(this.#head.buffer);
    this.#view.setUint16(IP_FLAGS, DONT_FRAGMENT);
    this.#seq = initial;
    this.#id = initial & 0xffff;
  }

  get isIdle(): boolean {
    return this.#queue.length === 0;
  }

  /** Appends bytes to the stream; `arrived` is called when their last segment was sent. */
  queue(bytes: Uint8Array, arrived: () => void): void {
    this.#queue.push({ bytes, arrived });
  }

  /** Segments end where queued bytes do, as each message is handed to TCP by itself. */
  sendQueued(other: TcpEnd, segmentsMax: number): boolean {
    let segments = 0;
    for (; segments < segmentsMax && this.#queue.length > 0; segments++) {
      const { bytes, arrived } = this.#queue[0]!;
      const from = this.#sent;
      const to = Math.min(from + this.#segmentBytes, bytes.length);
      const isLast = to === bytes.length;
      const isFollowed = segments + 1 < segmentsMax && (!isLast || this.#queue.length > 1);
      this.segment(other, isLast ? PSH | ACK : ACK, bytes, from, to, isFollowed);
      this.#sent = isLast ? 0 : to;
      if (!isLast) continue;
      this.#queue.shift();
      arrived();
    }
    return segments > 0;
  }

  /** The TCP checksum stays what it is: in a capture on the sending host it is left to the network card as well. */
  segment(other: TcpEnd, flags: number, payload = NOTHING, from = 0, to = 0, isFollowed = false): void {
    const view = this.#view;
    this.#clock = Math.floor(this.#capture.micros / 1000);
    this.#id = (this.#id + 1) & 0xffff;
    view.setUint16(IP_LENGTH, this.#head.length - IP + to - from);
    view.setUint16(IP_ID, this.#id);
    view.setUint16(IP_CHECKSUM, 0);
    view.setUint16(IP_CHECKSUM, checksum(this.#head.subarray(IP, TCP)));
    view.setUint32(TCP_SEQ, this.#seq);
    view.setUint32(TCP_ACK, (flags & ACK) === 0 ? 0 : other.#seq);
    view.setUint8(TCP_FLAGS, flags);
    view.setUint32(TS_VAL, this.#clock);
    view.setUint32(TS_ECR, other.#clock);
    this.#capture.frame(this.#head, payload, from, to, isFollowed);
    this.#seq = (this.#seq + to - from + (flags & SYN ? 1 : 0)) >>> 0;
  }
}
