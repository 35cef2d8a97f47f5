import { SUCCESS } from "../../src/rpc/constants.ts";
import { RecordReader } from "../../src/rpc/record.ts";
import type { RecordReaderOptions, RpcRecord } from "../../src/rpc/rpc-record.ts";
import { type Auth, authSys, writeCall, writeRecordMark, writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";

const ascii = new TextEncoder();

export const SOME_USER: Auth = authSys({
  stamp: 7,
  machineName: ascii.encode("host1"),
  uid: 1000,
  gid: 100,
  gids: [4, 24],
});

/** An NFSv4 COMPOUND call whose arguments are `body`. */
export function callMessage(xid: number, body: Uint8Array, cred: Auth = SOME_USER): Uint8Array {
  const sink = new Sink();
  writeCall(sink, { xid, program: 100003, version: 4, procedure: 1, cred });
  return joined(sink.finish(), body);
}

/** A successful reply with these results. */
export function replyMessage(xid: number, body: Uint8Array): Uint8Array {
  const sink = new Sink();
  writeReply(sink, { xid, acceptStat: SUCCESS });
  return joined(sink.finish(), body);
}

/** Bytes that never look like a header: no zero among them. */
export function filler(length: number, seed = 1): Uint8Array {
  const bytes = new Uint8Array(length);
  for (let at = 0; at < length; at++) bytes[at] = 1 + ((at * 37 + seed * 101) % 255);
  return bytes;
}

/** The message as a record whose fragments end at `cuts` (and at its end). */
export function marked(message: Uint8Array, cuts: readonly number[] = []): Uint8Array {
  const parts: Uint8Array[] = [];
  let from = 0;
  for (const cut of cuts) {
    parts.push(recordMark(cut - from, false), message.subarray(from, cut));
    from = cut;
  }
  return joined(...parts, recordMark(message.length - from), message.subarray(from));
}

export function recordMark(length: number, isLast = true): Uint8Array {
  const sink = new Sink();
  writeRecordMark(sink, length, isLast);
  return sink.finish();
}

export function joined(...parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

export interface SeenRecord {
  xid: number;
  kept: Uint8Array;
  length: number;
  /** Relative to the start of `kept`; -1 if nothing was left out. */
  elidedAt: number;
  elidedLength: number;
  truncated: boolean;
  streamOffset: number;
}

/** A reader and the records that came out of it, copied. */
export class Reading {
  readonly seen: SeenRecord[] = [];
  readonly reader: RecordReader;

  constructor(options: RecordReaderOptions = { startsInSync: true }) {
    this.reader = new RecordReader({ record: (record) => this.seen.push(copyOf(record)) }, options);
  }

  /** Delivers bytes in segments of `size`, each a view at another place of a larger buffer, as readers give them. */
  push(bytes: Uint8Array, size = bytes.length): this {
    for (let from = 0; from < bytes.length; from += size) {
      const part = bytes.subarray(from, from + size);
      const frame = new Uint8Array(part.length + 17).fill(0xee);
      frame.set(part, 9);
      this.reader.bytes(frame, 9, 9 + part.length);
      frame.fill(0xdd);
    }
    return this;
  }

  miss(length: number, why: "snaplen" | "gap" = "gap"): this {
    this.reader.missing(length, why);
    return this;
  }

  finish(): SeenRecord[] {
    this.reader.finish();
    return this.seen;
  }
}

function copyOf(record: RpcRecord): SeenRecord {
  const { bytes, start, end } = record;
  return {
    xid: ((bytes[start] << 24) | (bytes[start + 1] << 16) | (bytes[start + 2] << 8) | bytes[start + 3]) >>> 0,
    kept: bytes.slice(start, end),
    length: record.length,
    elidedAt: record.elidedAt < 0 ? -1 : record.elidedAt - start,
    elidedLength: record.elidedLength,
    truncated: record.truncated,
    streamOffset: record.streamOffset,
  };
}
