import { Network } from "../../src/net/network.ts";
import type { Connection, Endpoint, NetworkSink, StreamConsumer } from "../../src/net/stream.ts";
import { concat } from "../support/capture-writer.ts";
import type { KeptFrame } from "../support/read-capture.ts";
import type { Link, Timed, Traffic } from "./traffic.ts";

const LAST_FRAGMENT = 0x8000_0000;

/** The messages of a capture that lost nothing. */
export function readTraffic(frames: readonly KeptFrame[]): Traffic {
  const reader = new TrafficReader();
  const network = new Network(reader);
  const [first] = frames;
  for (const frame of frames) {
    reader.at = (frame.seconds - first!.seconds) * 1e9 + frame.nanos - first!.nanos;
    network.push({ ...frame, offset: 0, length: frame.bytes.length });
  }
  network.finish();
  return reader.timed.sort((a, b) => a.at - b.at);
}

class TrafficReader implements NetworkSink {
  at = 0;
  readonly timed: Timed[] = [];
  readonly #links = new Map<number, Link>();
  readonly #openedAt = new Map<number, number>();
  readonly #finished = new Map<Link, Set<0 | 1>>();

  open(connection: Connection, index: 0 | 1): StreamConsumer {
    this.#openedAt.set(connection.id, this.at);
    const messages = new MessageSplitter((bytes) => {
      const link = this.#linkOf(connection);
      const from = this.#sender(connection, index);
      this.timed.push({ at: this.at, event: { kind: "message", link, from, bytes } });
    });
    return {
      bytes: (bytes, start, end) => messages.add(bytes.slice(start, end)),
      missing() {
        throw new Error("the capture does not hold all bytes");
      },
    };
  }

  /** Known when its first message is whole: by then the handshake was seen. */
  #linkOf(connection: Connection): Link {
    let link = this.#links.get(connection.id);
    if (link !== undefined) return link;
    const opener = connection.initiator ?? 0;
    const ends = [connection.ends[opener], connection.ends[1 - opener]!] as const;
    link = { ends: [endpointText(ends[0]), endpointText(ends[1])], hasHandshake: connection.handshakeSeen };
    this.#links.set(connection.id, link);
    if (link.hasHandshake) this.timed.push({ at: this.#openedAt.get(connection.id)!, event: { kind: "open", link } });
    return link;
  }

  #sender({ initiator }: Connection, index: 0 | 1): 0 | 1 {
    return index === (initiator ?? 0) ? 0 : 1;
  }

  closing(connection: Connection): void {
    for (const half of connection.halves) {
      if ("isFinished" in half && half.isFinished === true) this.#fin(connection, half.index);
    }
  }

  #fin(connection: Connection, index: 0 | 1): void {
    const link = this.#links.get(connection.id);
    if (link === undefined) return;
    const from = this.#sender(connection, index);
    const done = this.#finished.get(link) ?? new Set();
    this.#finished.set(link, done);
    if (done.has(from)) return;
    done.add(from);
    this.timed.push({ at: this.at, event: { kind: "fin", link, from } });
  }

  closed(connection: Connection): void {
    if (connection.ended === "fin") for (const index of [0, 1] as const) this.#fin(connection, index);
    const link = this.#links.get(connection.id);
    if (connection.ended === "rst" && link !== undefined)
      this.timed.push({ at: this.at, event: { kind: "rst", link, from: 0 } });
  }

  datagram(): void {}
}

/** Cuts a stream at its record marks. RFC 5531 §11 */
class MessageSplitter {
  #bytes: Uint8Array = new Uint8Array(0);
  readonly #done: (message: Uint8Array) => void;

  constructor(done: (message: Uint8Array) => void) {
    this.#done = done;
  }

  add(bytes: Uint8Array): void {
    this.#bytes = this.#bytes.length === 0 ? bytes : concat([this.#bytes, bytes]);
    while (this.#bytes.length >= 4) {
      const mark = new DataView(this.#bytes.buffer, this.#bytes.byteOffset).getUint32(0);
      // In one fragment, as everybody sends them.
      if (mark < LAST_FRAGMENT) throw new Error("a record of several fragments, or no record at all");
      const end = 4 + mark - LAST_FRAGMENT;
      if (this.#bytes.length < end) return;
      this.#done(this.#bytes.slice(4, end));
      this.#bytes = this.#bytes.subarray(end);
    }
  }
}

function endpointText({ address, port }: Endpoint): string {
  return address.includes(":") ? `[${address}]:${port}` : `${address}:${port}`;
}
