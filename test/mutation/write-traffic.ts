import { type TestFrame, tcpSegment } from "../support/network-packets.ts";
import type { Closing, Link, Message, Traffic } from "./traffic.ts";

const START_SECONDS = 1_700_000_000;
/** Payload of a segment at most; a message is one segment unless it is larger. */
const SEGMENT_MAX = 32_768;
/** So late a host acknowledges what it has nothing to say to. */
const ACK_DELAY_NANOS = 40e6;
const LINK_TYPE_RAW = 101;
const IPV4_LENGTH = 20;
const TCP_LENGTH = 20;
const FIN = 1;
const SYN = 2;
const RST = 4;
const PUSH = 8;
const ACK = 16;
const NO_BYTES = new Uint8Array(0);

/** A capture of traffic, and in which frame each message is complete. */
export interface Captured {
  readonly frames: readonly TestFrame[];
  readonly frameOf: ReadonlyMap<Message, number>;
}

interface Side {
  /** IP and TCP header of everything that it sends; checksums are not looked at. */
  readonly header: Uint8Array;
  seq: number;
}

interface Ack {
  readonly link: Link;
  readonly from: 0 | 1;
  readonly at: number;
}

/** Messages as TCP conversations. */
export function captureTraffic(traffic: Traffic): Captured {
  const writer = new TrafficWriter();
  for (const { at, event } of traffic) {
    writer.acknowledgeUntil(at);
    if (event.kind === "message") writer.message(event, at);
    else if (event.kind === "open") writer.open(event.link, at);
    else writer.close(event, at);
  }
  writer.acknowledgeUntil(Number.POSITIVE_INFINITY);
  return writer;
}

/** With its record mark. RFC 5531 §11 */
const records = new WeakMap<Uint8Array, Uint8Array>();

function recordOf(bytes: Uint8Array): Uint8Array {
  let record = records.get(bytes);
  if (record === undefined) {
    record = new Uint8Array(bytes.length + 4);
    new DataView(record.buffer).setUint32(0, (0x8000_0000 | bytes.length) >>> 0);
    record.set(bytes, 4);
    records.set(bytes, record);
  }
  return record;
}

class TrafficWriter implements Captured {
  readonly frames: TestFrame[] = [];
  readonly frameOf = new Map<Message, number>();
  readonly #sides = new Map<Link, readonly [Side, Side]>();
  /** Acknowledgements that are due, in order; at most one for each end of a link. */
  #due: Ack[] = [];

  #sidesOf(link: Link): readonly [Side, Side] {
    let sides = this.#sides.get(link);
    if (sides === undefined) {
      const seed = this.#sides.size + 1;
      sides = [
        { header: tcpSegment({ from: link.ends[0], to: link.ends[1], seq: 0 }), seq: seed * 7919 },
        { header: tcpSegment({ from: link.ends[1], to: link.ends[0], seq: 0 }), seq: seed * 104_729 },
      ];
      this.#sides.set(link, sides);
    }
    return sides;
  }

  open(link: Link, at: number): void {
    const [opener, other] = this.#sidesOf(link);
    this.#push(opener, other, at, SYN);
    opener.seq++;
    this.#push(other, opener, at, SYN | ACK);
    other.seq++;
    this.#push(opener, other, at, ACK);
  }

  message(message: Message, at: number): void {
    const { link, from, bytes } = message;
    const sides = this.#sidesOf(link);
    const record = recordOf(bytes);
    for (let start = 0; start < record.length; start += SEGMENT_MAX) {
      const payload = record.subarray(start, start + SEGMENT_MAX);
      this.#push(sides[from], sides[1 - from]!, at, PUSH | ACK, payload);
      sides[from].seq += payload.length;
    }
    this.frameOf.set(message, this.frames.length);
    // What it carries acknowledges all that had come.
    this.#due = this.#due.filter((ack) => ack.link !== link);
    this.#due.push({ link, from: (1 - from) as 0 | 1, at: at + ACK_DELAY_NANOS });
  }

  close({ link, kind, from }: Closing, at: number): void {
    const sides = this.#sidesOf(link);
    this.#due = this.#due.filter((ack) => ack.link !== link);
    this.#push(sides[from], sides[1 - from]!, at, (kind === "rst" ? RST : FIN) | ACK);
    sides[from].seq++;
  }

  acknowledgeUntil(at: number): void {
    while (this.#due.length > 0 && this.#due[0]!.at < at) {
      const { link, from, at: dueAt } = this.#due.shift()!;
      const sides = this.#sidesOf(link);
      this.#push(sides[from], sides[1 - from]!, dueAt, ACK);
    }
  }

  #push(from: Side, to: Side, at: number, flags: number, payload: Uint8Array = NO_BYTES): void {
    const { header } = from;
    const bytes = new Uint8Array(header.length + payload.length);
    bytes.set(header);
    bytes.set(payload, header.length);
    const view = new DataView(bytes.buffer);
    if (header.length === IPV4_LENGTH + TCP_LENGTH) {
      view.setUint16(2, bytes.length);
      view.setUint16(4, this.frames.length & 0xffff);
    } else view.setUint16(4, TCP_LENGTH + payload.length);
    const tcp = header.length - TCP_LENGTH;
    view.setUint32(tcp + 4, from.seq >>> 0);
    view.setUint32(tcp + 8, (flags === SYN ? 0 : to.seq) >>> 0);
    bytes[tcp + 13] = flags;
    this.frames.push({
      number: this.frames.length + 1,
      capture: 0,
      seconds: START_SECONDS + Math.floor(at / 1e9),
      nanos: Math.floor(at % 1e9),
      interfaceId: 0,
      linkType: LINK_TYPE_RAW,
      fcsLength: 0,
      bytes,
      offset: 0,
      length: bytes.length,
      originalLength: bytes.length,
    });
  }
}
