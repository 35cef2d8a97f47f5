import type { Connection, Endpoint, NetworkSink, StreamConsumer } from "../../src/net/stream.ts";

/** What a consumer was told, in order: a run of bytes as text, or what was missing. */
export type Told = string | { missing: number; why: "snaplen" | "gap" };

/** A sink that remembers everything, for tests of the network layer. */
export class StreamRecorder implements NetworkSink {
  readonly connections: Connection[] = [];
  readonly closedIds: number[] = [];
  /** `told[connection id][half]`. Bytes are Latin-1 text; runs are joined up to the next missing piece. */
  readonly told: [Told[], Told[]][] = [];
  /** Every call, over all streams, in order: `0.1 text`. */
  readonly log: string[] = [];
  readonly datagrams: { from: Endpoint; to: Endpoint; bytes: Uint8Array; length: number }[] = [];

  open(connection: Connection, index: 0 | 1): StreamConsumer {
    if (index === 0) {
      this.connections.push(connection);
      this.told[connection.id] = [[], []];
    }
    const told = this.told[connection.id]![index];
    const check = (length: number): void => {
      const expected = told.reduce((sum, one) => sum + (typeof one === "string" ? one.length : one.missing), 0);
      const half = connection.halves[index];
      if (half.delivered !== expected) throw new Error(`delivered is ${half.delivered}, not ${expected}`);
      if (length <= 0) throw new Error("nothing is not worth a call");
      if (this.closedIds.includes(connection.id)) throw new Error("bytes after the end");
    };
    return {
      bytes: (bytes, start, end) => {
        check(end - start);
        const text = Buffer.from(bytes.subarray(start, end)).toString("latin1");
        this.log.push(`${connection.id}.${index} ${text}`);
        if (typeof told.at(-1) === "string") told[told.length - 1] += text as never;
        else told.push(text);
      },
      missing: (missing, why) => {
        check(missing);
        this.log.push(`${connection.id}.${index} ${why} ${missing}`);
        told.push({ missing, why });
      },
    };
  }

  closed(connection: Connection): void {
    if (this.closedIds.includes(connection.id)) throw new Error(`connection ${connection.id} closed twice`);
    this.closedIds.push(connection.id);
  }

  datagram(from: Endpoint, to: Endpoint, bytes: Uint8Array, start: number, end: number, length: number): void {
    this.datagrams.push({ from, to, bytes: bytes.slice(start, end), length });
  }
}
