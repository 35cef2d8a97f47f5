import { describe, expect, test } from "vitest";
import { SYSTEM_ERR } from "../../src/rpc/constants.ts";
import { EMPTY_FRAGMENTS_MAX, NOT_RPC_AFTER_BYTES_MIDSTREAM, RecordReader } from "../../src/rpc/record.ts";
import { NOT_ELIDED, RECORD_KEPT_MAX } from "../../src/rpc/record-gather.ts";
import { RECORD_LENGTH_MAX } from "../../src/rpc/record-search.ts";
import { writeReply } from "../../src/rpc/write.ts";
import { Sink } from "../../src/xdr/sink.ts";
import { random } from "../support/random.ts";
import { callMessage, filler, joined, marked, Reading, recordMark, replyMessage } from "../support/rpc-stream.ts";

const ascii = new TextEncoder();

/** Messages with and without fragments: cut in the header, cut twice, with empty fragments. */
const MESSAGES: readonly [Uint8Array, readonly number[]][] = [
  [callMessage(1, filler(40)), []],
  [callMessage(2, filler(60)), [10, 30]],
  [replyMessage(3, filler(4)), []],
  [callMessage(4, filler(33)), [50, 50, 50]],
  [deniedReply(5), []],
  [callMessage(6, filler(80)), [140]],
  [replyMessage(7, new Uint8Array(0)), []],
];
const STREAM = joined(...MESSAGES.map(([message, cuts]) => marked(message, cuts)));

function deniedReply(xid: number): Uint8Array {
  const sink = new Sink();
  writeReply(sink, { xid, rejectStat: 1, authStat: 13 });
  return sink.finish();
}

function expectAllMessages(reading: Reading): void {
  const seen = reading.finish();
  expect(seen.map((record) => record.kept)).toEqual(MESSAGES.map(([message]) => message));
  expect(seen.every((record) => !record.truncated && record.elidedAt === NOT_ELIDED)).toBe(true);
  expect(seen.map((record) => record.length)).toEqual(MESSAGES.map(([message]) => message.length));
  expect(reading.reader.counters).toMatchObject({
    records: MESSAGES.length,
    truncatedRecords: 0,
    bytesLost: 0,
    resyncs: 0,
  });
}

describe("records", () => {
  test("come out the same wherever a segment ends", () => {
    for (let cut = 0; cut <= STREAM.length; cut++) {
      expectAllMessages(new Reading().push(STREAM.subarray(0, cut)).push(STREAM.subarray(cut)));
    }
  });

  test("come out the same in segments of any size", () => {
    for (let size = 1; size <= 200; size++) expectAllMessages(new Reading().push(STREAM, size));
  });

  test("are found at the start of a capture that began in the middle", () => {
    const reading = new Reading({ startsInSync: false }).push(STREAM);
    expect(reading.finish().map((record) => record.xid)).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(reading.reader.counters).toMatchObject({ bytesLost: 0, resyncs: 0 });
  });

  test("know where in the stream they began", () => {
    let at = 0;
    const offsets = MESSAGES.map(([message, cuts]) => {
      const offset = at;
      at += marked(message, cuts).length;
      return offset;
    });
    for (const size of [7, 100, 5000]) {
      expect(
        new Reading()
          .push(STREAM, size)
          .finish()
          .map((record) => record.streamOffset),
      ).toEqual(offsets);
    }
  });

  test("whole in one segment are views of it, no copies", () => {
    let views = 0;
    const reader = new RecordReader(
      { record: (record) => void (record.bytes === STREAM && views++) },
      { startsInSync: true },
    );
    reader.bytes(STREAM, 0, STREAM.length);
    expect(views).toBe(MESSAGES.filter(([, cuts]) => cuts.length === 0).length);
  });

  test("over RECORD_KEPT_MAX keep their start and their extent", () => {
    const long = callMessage(1, filler(RECORD_KEPT_MAX + 5000));
    const reading = new Reading().push(joined(marked(long), marked(callMessage(2, filler(8)))), 60_000);
    const [first, second] = reading.finish();
    expect(first).toMatchObject({ xid: 1, length: long.length, truncated: true });
    expect(Buffer.compare(first.kept, long.subarray(0, RECORD_KEPT_MAX))).toBe(0);
    expect(second).toMatchObject({ xid: 2, truncated: false });
    expect(reading.reader.counters).toMatchObject({ oversize: 1, truncatedRecords: 1, bytesLost: 0 });
  });

  test("unfinished at the end come out truncated, if xid and msg_type are there", () => {
    const message = callMessage(1, filler(100));
    const record = marked(message);
    for (let end = 1; end < record.length; end++) {
      const reading = new Reading().push(record.subarray(0, end));
      const seen = reading.finish();
      if (end < 12) {
        expect(seen).toEqual([]);
        expect(reading.reader.counters.bytesLost).toBe(end);
      } else {
        expect(seen).toHaveLength(1);
        expect(seen[0]).toMatchObject({ truncated: true, length: message.length });
        expect(seen[0].kept).toEqual(message.subarray(0, end - 4));
      }
    }
  });
});

describe("a stream that is no RPC", () => {
  const noise = random(11);
  const STREAMS: readonly [string, Uint8Array][] = [
    ["SSH", ascii.encode(`SSH-2.0-OpenSSH_9.2p1\r\n${"key exchange ".repeat(20_000)}`)],
    ["HTTP", ascii.encode(`GET / HTTP/1.1\r\nHost: x\r\n\r\n${"<p>text</p>".repeat(20_000)}`)],
    [
      "TLS",
      joined(
        Uint8Array.of(0x16, 3, 1, 2, 0, 1, 0, 1, 0xfc, 3, 3),
        Uint8Array.from({ length: 200_000 }, () => noise() * 256),
      ),
    ],
    ["iSCSI", joined(Uint8Array.of(0x43, 0x87, 0, 0, 0, 0, 1, 0), filler(200_000))],
    ["SMB", joined(Uint8Array.of(0, 0, 0, 0xd4, 0xfe, 0x53, 0x4d, 0x42), filler(200_000))],
    ["zeros", new Uint8Array(200_000)],
    ["empty records", repeated([0x80, 0, 0, 0], 50_000)],
    ["empty fragments", new Uint8Array(200_000)],
    ["small words", repeated([0, 0, 0, 1], 50_000)],
    ["records of garbage", repeated([0x80, 0, 0, 28, ...filler(28)], 10_000)],
    ["all ones", new Uint8Array(200_000).fill(0xff)],
  ];

  test.each(STREAMS)("%s is given up after a bounded number of bytes", (_name, bytes) => {
    for (const size of [1448, 3]) {
      const reading = new Reading().push(bytes, size);
      expect(reading.finish()).toEqual([]);
      expect(reading.reader.state).toBe("not-rpc");
      expect(reading.reader.counters).toMatchObject({ records: 0, bytesLost: 0, bytesIgnored: bytes.length });
    }
  });

  test("captured from the middle is searched longer, then given up for good", () => {
    const reading = new Reading({ startsInSync: false });
    const chunk = filler(64 * 1024);
    for (let passed = 0; passed <= NOT_RPC_AFTER_BYTES_MIDSTREAM; passed += chunk.length) {
      expect(reading.reader.state).toBe("searching");
      reading.push(chunk);
    }
    expect(reading.reader.state).toBe("not-rpc");
    reading.push(marked(callMessage(1, filler(8)))).miss(100);
    expect(reading.finish()).toEqual([]);
  });

  function repeated(bytes: readonly number[], times: number): Uint8Array {
    const all = new Uint8Array(bytes.length * times);
    for (let at = 0; at < times; at++) all.set(bytes, at * bytes.length);
    return all;
  }
});

describe("a hostile record mark", () => {
  const good = (xid: number) => marked(callMessage(xid, filler(50)));
  const HOSTILE: readonly [string, Uint8Array][] = [
    ["of 2 GB, last", Uint8Array.of(0xff, 0xff, 0xff, 0xff)],
    ["of 2 GB, more follow", Uint8Array.of(0x7f, 0xff, 0xff, 0xff)],
    ["of one byte over the maximum", recordMark(RECORD_LENGTH_MAX + 1)],
    ["of no bytes", recordMark(0)],
    ["of too few bytes", joined(recordMark(19), filler(19))],
    ["over a message of neither type", marked(joined(Uint8Array.of(0, 0, 0, 9, 0, 0, 0, 2), filler(60)))],
    [
      "of no bytes again and again",
      joined(...Array.from({ length: EMPTY_FRAGMENTS_MAX + 1 }, () => recordMark(0, false))),
    ],
  ];

  test.each(HOSTILE)("%s is no record; the next is found", (_name, bytes) => {
    const stream = joined(good(1), bytes, good(2), good(3));
    for (let size = 1; size < 200; size++) {
      const reading = new Reading().push(stream, size);
      expect(
        reading.finish().map((record) => [record.xid, record.truncated]),
        `segments of ${size}`,
      ).toEqual([
        [1, false],
        [2, false],
        [3, false],
      ]);
      expect(reading.reader.counters).toMatchObject({ resyncs: 1, bytesLost: bytes.length });
    }
  });

  test("in the middle of a record ends it there", () => {
    const message = callMessage(1, filler(100));
    const broken = joined(marked(message, [80]).subarray(0, 84), recordMark(RECORD_LENGTH_MAX));
    const reading = new Reading().push(joined(broken, good(2)), 30);
    expect(reading.finish().map((record) => [record.xid, record.length, record.truncated])).toEqual([
      [1, 80, true],
      [2, 50 + callMessage(2, new Uint8Array(0)).length, false],
    ]);
  });

  test("of 64 MiB allocates nothing before bytes come", () => {
    const head = callMessage(1, filler(0));
    const before = process.memoryUsage().arrayBuffers;
    const readings = Array.from({ length: 64 }, () => new Reading().push(joined(recordMark(RECORD_LENGTH_MAX), head)));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
    expect(readings.map((reading) => reading.finish().length)).toEqual(Array(64).fill(1));
  });
});

test("an opaque stream is dropped from the next byte on, also from inside the handler", () => {
  const seen: number[] = [];
  const reader: RecordReader = new RecordReader(
    {
      record: (record) => {
        seen.push(record.length);
        reader.becomeOpaque();
      },
    },
    { startsInSync: true },
  );
  reader.bytes(STREAM, 0, STREAM.length);
  reader.bytes(STREAM, 0, STREAM.length);
  reader.missing(5, "gap");
  reader.finish();
  expect(seen).toEqual([MESSAGES[0][0].length]);
  expect(reader.state).toBe("opaque");
  expect(reader.counters.bytesIgnored).toBe(2 * STREAM.length - 4 - MESSAGES[0][0].length + 5);
});

test("payload that contains RPC records is no record boundary as long as the marks hold", () => {
  const inner = joined(marked(callMessage(77, filler(30))), marked(replyMessage(78, filler(30))));
  const stream = joined(marked(callMessage(1, inner)), marked(callMessage(2, inner)));
  for (const size of [1, 64, 5000]) {
    expect(
      new Reading()
        .push(stream, size)
        .finish()
        .map((record) => record.xid),
    ).toEqual([1, 2]);
  }
});

test("any sequence of messages, fragments and segments comes out as it went in", () => {
  for (let seed = 1; seed <= 300; seed++) {
    const next = random(seed);
    const below = (limit: number) => Math.floor(next() * limit);
    const messages = Array.from({ length: 1 + below(8) }, (_, xid) =>
      (below(2) === 0 ? callMessage : replyMessage)(xid, filler(below(3000), xid)),
    );
    const records = messages.map((message, index) => {
      // Nobody cuts the header of a connection's first message.
      const cuts = Array.from({ length: index === 0 ? 0 : below(5) }, () => below(message.length + 1));
      return marked(
        message,
        cuts.sort((a, b) => a - b),
      );
    });
    const stream = joined(...records);
    const reading = new Reading();
    for (let at = 0; at < stream.length; ) {
      const size = 1 + below(below(2) === 0 ? 20 : 4000);
      reading.push(stream.subarray(at, at + size));
      at += size;
    }
    const seen = reading.finish();
    expect(seen.length, `seed ${seed}`).toBe(messages.length);
    for (const [index, record] of seen.entries()) {
      expect(Buffer.compare(record.kept, messages[index]), `seed ${seed}`).toBe(0);
      expect(record.truncated, `seed ${seed}`).toBe(false);
    }
  }
});

test("no damage makes it throw, hang, or lose count of bytes", () => {
  for (let seed = 1; seed <= 400; seed++) {
    const next = random(seed);
    const below = (limit: number) => Math.floor(next() * limit);
    const stream = damaged(below);
    const reading = new Reading({ startsInSync: next() < 0.5, knowsXid: next() < 0.5 ? (xid) => xid < 50 : undefined });
    for (let at = 0; at < stream.length; ) {
      const size = Math.min(stream.length - at, 1 + below(next() < 0.3 ? 12 : 900));
      if (next() < 0.15) reading.miss(size, next() < 0.5 ? "gap" : "snaplen");
      else reading.push(stream.subarray(at, at + size));
      at += size;
    }
    const seen = reading.finish();
    const { counters } = reading.reader;
    let last = -1;
    for (const record of seen) {
      const hint = `seed ${seed}`;
      expect(record.streamOffset, hint).toBeGreaterThan(last);
      last = record.streamOffset;
      expect(record.kept.length, hint).toBeGreaterThanOrEqual(8);
      const present = record.kept.length + record.elidedLength;
      if (record.truncated) expect(present, hint).toBeLessThan(record.length + 1);
      else expect(present, hint).toBe(record.length);
    }
    expect(counters.records).toBe(seen.length);
    expect(counters.bytesLost, `seed ${seed}`).toBeGreaterThanOrEqual(0);
    expect(counters.bytesLost, `seed ${seed}`).toBeLessThanOrEqual(stream.length);
  }

  function damaged(below: (limit: number) => number): Uint8Array {
    const parts: Uint8Array[] = [];
    for (let count = 2 + below(20); count > 0; count--) {
      const body = below(4) === 0 ? new Uint8Array(below(600)) : filler(below(600));
      const message = below(2) === 0 ? callMessage(below(60), body) : replyMessage(below(60), body);
      parts.push(marked(message, below(3) === 0 ? [below(message.length)] : []));
    }
    const stream = joined(...parts);
    for (let count = below(10); count > 0; count--) stream[below(stream.length)] = below(3) === 0 ? 0 : below(256);
    return stream;
  }
});

test("accept_stat beyond the RFC's is no reply to start a search on", () => {
  const odd = replyMessage(1, filler(40));
  odd[23] = SYSTEM_ERR + 1;
  const reading = new Reading({ startsInSync: false }).push(joined(marked(odd), marked(replyMessage(2, filler(4)))));
  expect(reading.finish().map((record) => record.xid)).toEqual([2]);
});
