import { describe, expect, test } from "vitest";
import { NOT_RPC_AFTER_BYTES } from "../../src/rpc/record.ts";
import { callMessage, filler, joined, marked, Reading, replyMessage } from "../support/rpc-stream.ts";

/** Records of one fragment with their place in the stream. */
function layOut(messages: readonly Uint8Array[]): { stream: Uint8Array; spans: { from: number; to: number }[] } {
  const spans: { from: number; to: number }[] = [];
  let at = 0;
  for (const message of messages) {
    spans.push({ from: at, to: at + 4 + message.length });
    at += 4 + message.length;
  }
  return { stream: joined(...messages.map((message) => marked(message))), spans };
}

describe("a gap", () => {
  const messages = Array.from({ length: 8 }, (_, index) => callMessage(index + 1, filler(20 + 13 * index, index)));
  const { stream, spans } = layOut(messages);

  test.each([1, 3, 4, 11, 40, 150, 400])("of %i bytes costs only the records it hit, wherever it is", (length) => {
    for (let from = 0; from + length <= stream.length; from++) {
      for (const size of length === 11 ? [stream.length, 50, 5] : [stream.length, 50]) {
        const reading = new Reading();
        reading
          .push(stream.subarray(0, from), size)
          .miss(length)
          .push(stream.subarray(from + length), size);
        const seen = reading.finish();
        const untouched = spans.flatMap((span, index) =>
          span.to <= from || span.from >= from + length ? [index + 1] : [],
        );
        const whole = seen.filter((record) => !record.truncated).map((record) => record.xid);
        expect(whole, `gap at ${from}, segments of ${size}`).toEqual(untouched);
        for (const record of seen) {
          const message = messages[record.xid - 1];
          expect(record.length).toBe(message.length);
          expect(Buffer.compare(record.kept, message.subarray(0, record.kept.length))).toBe(0);
        }
        const accounted = seen.reduce((sum, record) => sum + 4 + record.length, 0) + reading.reader.counters.bytesLost;
        expect(accounted, `gap at ${from}, segments of ${size}`).toBe(stream.length);
      }
    }
  });

  test("inside a record leaves the marks in sync and cuts the record there", () => {
    const reading = new Reading().push(stream.subarray(0, 60)).miss(10).push(stream.subarray(70));
    const seen = reading.finish();
    expect(seen[0]).toMatchObject({ xid: 1, truncated: true, length: messages[0].length });
    expect(seen[0].kept).toEqual(messages[0].subarray(0, 56));
    expect(reading.reader.counters).toMatchObject({ gaps: 1, resyncs: 0, bytesLost: 0, truncatedRecords: 1 });
  });

  test("over a record's end delivers what came before it, then searches", () => {
    const reading = new Reading()
      .push(stream.subarray(0, 60))
      .miss(spans[1].to - 60 - 3)
      .push(stream.subarray(spans[1].to - 3));
    const seen = reading.finish();
    expect(seen.map((record) => [record.xid, record.truncated])).toEqual([
      [1, true],
      ...[3, 4, 5, 6, 7, 8].map((xid) => [xid, false]),
    ]);
    expect(reading.reader.counters).toMatchObject({ resyncs: 1, bytesLost: spans[1].to - spans[0].to });
  });

  test("between fragments leaves the length of what was announced", () => {
    const message = callMessage(1, filler(200));
    const record = marked(message, [100]);
    const reading = new Reading()
      .push(record.subarray(0, 104))
      .miss(4)
      .push(joined(record.subarray(108), marked(messages[1])));
    const seen = reading.finish();
    expect(seen.map((each) => [each.xid, each.length, each.truncated])).toEqual([
      [1, 100, true],
      [2, messages[1].length, false],
    ]);
  });

  test("at the very start of a connection does not hide it", () => {
    const reading = new Reading()
      .miss(500)
      .push(filler(NOT_RPC_AFTER_BYTES + 100), 1448)
      .push(stream);
    expect(reading.finish().map((record) => record.xid)).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });
});

describe("replies after a gap", () => {
  const replies = Array.from({ length: 6 }, (_, index) => replyMessage(index + 1, filler(300, index)));
  const { stream, spans } = layOut(replies);

  function afterGap(size: number, knowsXid?: (xid: number) => boolean): number[] {
    const reading = new Reading({ startsInSync: true, knowsXid });
    // Over the mark of the second.
    const from = spans[0].to - 20;
    reading
      .push(stream.subarray(0, from))
      .miss(100)
      .push(stream.subarray(from + 100), size);
    return reading.finish().flatMap((record) => (record.truncated ? [] : [record.xid]));
  }

  test("are found by their xid although nothing behind them is there yet", () => {
    expect(afterGap(100, (xid) => xid <= 6)).toEqual([3, 4, 5, 6]);
  });

  test("with unknown xids are found by chaining", () => {
    expect(afterGap(10_000)).toEqual([3, 4, 5, 6]);
    expect(afterGap(10_000, () => false)).toEqual([3, 4, 5, 6]);
  });

  test("with unknown xids and no chain in sight cost one more, whose end confirms the next", () => {
    expect(afterGap(100)).toEqual([4, 5, 6]);
  });
});

describe("a cut by the snap length", () => {
  test("truncates each record and keeps the marks, one record a segment", () => {
    const messages = Array.from({ length: 10 }, (_, index) => callMessage(index + 1, filler(400)));
    const reading = new Reading();
    for (const message of messages) {
      const segment = marked(message);
      reading.push(segment.subarray(0, 150)).miss(segment.length - 150, "snaplen");
    }
    const seen = reading.finish();
    expect(seen.map((record) => record.xid)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(seen.every((record, index) => record.truncated && record.length === messages[index].length)).toBe(true);
    expect(seen.every((record) => record.kept.length === 146)).toBe(true);
    expect(reading.reader.counters).toMatchObject({ gaps: 0, resyncs: 0, bytesLost: 0 });
  });

  test("that takes a record mark away is followed by a search", () => {
    const segment = joined(...[1, 2, 3].map((xid) => marked(callMessage(xid, filler(100)))));
    const reading = new Reading();
    for (let count = 0; count < 3; count++)
      reading.push(segment.subarray(0, 120)).miss(segment.length - 120, "snaplen");
    expect(reading.finish().map((record) => [record.xid, record.truncated])).toEqual([
      [1, true],
      [1, true],
      [1, true],
    ]);
    expect(reading.reader.counters).toMatchObject({ resyncs: 2, gaps: 0 });
  });

  test("so short that only the mark is left counts unknown records", () => {
    const reading = new Reading().push(marked(callMessage(1, filler(10))));
    for (let count = 0; count < 4; count++) {
      const segment = marked(callMessage(9, filler(100)));
      reading.push(segment.subarray(0, 6)).miss(segment.length - 6, "snaplen");
    }
    reading.push(marked(callMessage(2, filler(10))));
    expect(reading.finish().map((record) => record.xid)).toEqual([1, 2]);
    expect(reading.reader.counters).toMatchObject({ unknownRecords: 4, resyncs: 0 });
  });
});
