import { type TestFrame, tcpSegment } from "../support/network-packets.ts";
import type { Closing, Link, Message, Traffic } from "./traffic.ts";

const START_SECONDS = 1_700_000_000;
/** Payload of a segment at most; a message is one segment unless it is larger. */
const SEGMENT_MAX = 32_768;
/** So late a host acknowledges what it has nothing to say to. */
const ACK_DELAY_NANOS = 40e6;
const LINK_TYPE_RAW = 101;

/** A capture of traffic, and in which frame each message is complete. */
export interface Captured {
  readonly frames: readonly TestFrame[];
  readonly frameOf: ReadonlyMap<Message, number>;
}

interface Side {
  readonly name: string;
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
        { name: link.ends[0], seq: seed * 7919 },
        { name: link.ends[1], seq: seed * 104_729 },
      ];
      this.#sides.set(link, sides);
    }
    return sides;
  }

  open(link: Link, at: number): void {
    const [opener, other] = this.#sidesOf(link);
    this.#push(opener, other, at, "S");
    opener.seq++;
    this.#push(other, opener, at, "SA");
    other.seq++;
    this.#push(opener, other, at, "A");
  }

  message(message: Message, at: number): void {
    const { link, from, bytes } = message;
    const sides = this.#sidesOf(link);
    const record = new Uint8Array(bytes.length + 4);
    new DataView(record.buffer).setUint32(0, (0x8000_0000 | bytes.length) >>> 0);
    record.set(bytes, 4);
    for (let start = 0; start < record.length; start += SEGMENT_MAX) {
      const payload = record.subarray(start, start + SEGMENT_MAX);
      this.#push(sides[from], sides[1 - from]!, at, "PA", payload);
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
    this.#push(sides[from], sides[1 - from]!, at, kind === "rst" ? "RA" : "FA");
    sides[from].seq++;
  }

  acknowledgeUntil(at: number): void {
    while (this.#due.length > 0 && this.#due[0]!.at < at) {
      const { link, from, at: dueAt } = this.#due.shift()!;
      const sides = this.#sidesOf(link);
      this.#push(sides[from], sides[1 - from]!, dueAt, "A");
    }
  }

  #push(from: Side, to: Side, at: number, flags: string, payload: Uint8Array = new Uint8Array(0)): void {
    const packet = tcpSegment({
      from: from.name,
      to: to.name,
      seq: from.seq,
      ack: flags === "S" ? 0 : to.seq,
      flags,
      payload,
      ip: { id: this.frames.length & 0xffff },
    });
    this.frames.push({
      number: this.frames.length + 1,
      capture: 0,
      seconds: START_SECONDS + Math.floor(at / 1e9),
      nanos: Math.floor(at % 1e9),
      interfaceId: 0,
      linkType: LINK_TYPE_RAW,
      fcsLength: 0,
      bytes: packet,
      offset: 0,
      length: packet.length,
      originalLength: packet.length,
    });
  }
}
