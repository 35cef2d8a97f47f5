import { describe, expect, test } from "vitest";
import {
  LOCATE_FIRST,
  NOT_ELIDED,
  PAYLOAD_KEPT_BYTES,
  type PayloadLocator,
  RECORD_KEPT_MAX,
  RecordGather,
} from "../../src/rpc/record-gather.ts";
import { Cursor } from "../../src/xdr/cursor.ts";
import { random } from "../support/random.ts";
import { callMessage, filler, joined, marked, Reading, type SeenRecord } from "../support/rpc-stream.ts";

/** Stands before the length of the payload in these tests' messages. */
const TAG = [0xca, 0xfe, 0xba, 0xbe];
const TAIL = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);

function u32(value: number): Uint8Array {
  return Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value);
}

/** A call with `before` filler bytes, a payload, its padding, and eight bytes more. */
function bulkCall(xid: number, before: number, size: number, claimed = size): Uint8Array {
  const padding = new Uint8Array(-size & 3);
  return callMessage(xid, joined(filler(before), Uint8Array.from(TAG), u32(claimed), filler(size, xid), padding, TAIL));
}

/** Finds the payload by its tag, as a skim would by parsing. */
const locate: PayloadLocator = (bytes, start, end, into) => {
  for (let at = start; at + 8 <= end; at++) {
    if (TAG.every((byte, index) => bytes[at + index] === byte)) {
      into.at = at + 8;
      into.length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at + 4);
      return "found";
    }
  }
  return "more";
};

function expectElided(record: SeenRecord, message: Uint8Array, size: number): void {
  const elidedAt = message.length - TAIL.length - (-size & 3) - size + PAYLOAD_KEPT_BYTES;
  expect(record).toMatchObject({
    length: message.length,
    elidedAt,
    elidedLength: size - PAYLOAD_KEPT_BYTES,
    truncated: false,
  });
  const expected = joined(message.subarray(0, elidedAt), message.subarray(elidedAt + size - PAYLOAD_KEPT_BYTES));
  expect(Buffer.compare(record.kept, expected)).toBe(0);
}

describe("bulk payload", () => {
  test.each([1000, 1001, 1003, 8192, 1_048_576])("of %i bytes keeps its head and all that follows", (size) => {
    const message = bulkCall(1, 100, size);
    for (const segment of [1448, 700, 64, 9000]) {
      if (size > 10_000 && segment < 1000) continue;
      const reading = new Reading({ startsInSync: true, locatePayload: locate });
      const [record] = reading.push(joined(marked(message), marked(bulkCall(2, 0, 0))), segment).finish();
      if (segment >= message.length + 4) expect(record).toMatchObject({ elidedAt: NOT_ELIDED, length: message.length });
      else expectElided(record, message, size);
      expect(reading.seen[1].xid).toBe(2);
    }
  });

  test("is left out the same way however the record is segmented and fragmented", () => {
    for (let seed = 1; seed <= 200; seed++) {
      const next = random(seed);
      const below = (limit: number) => Math.floor(next() * limit);
      const size = 1200 + below(4000);
      const message = bulkCall(1, below(900), size);
      const record = marked(message, below(2) === 0 ? [] : [40 + below(500), 540 + below(700)]);
      const reading = new Reading({ startsInSync: true, locatePayload: locate });
      for (let at = 0; at < record.length; ) {
        const segment = Math.min(1 + below(1400), record.length - at - (at === 0 ? 1 : 0));
        reading.push(record.subarray(at, at + segment));
        at += segment;
      }
      expectElided(reading.finish()[0], message, size);
    }
  });

  test("that the locator finds only in a longer head is found at the next doubling", () => {
    const asked: number[] = [];
    const spy: PayloadLocator = (bytes, start, end, into) => {
      asked.push(end - start);
      return locate(bytes, start, end, into);
    };
    const message = bulkCall(1, 3000, 20_000);
    const [record] = new Reading({ startsInSync: true, locatePayload: spy }).push(marked(message), 100).finish();
    expectElided(record, message, 20_000);
    expect(asked).toEqual([LOCATE_FIRST, 2 * LOCATE_FIRST, 4 * LOCATE_FIRST, 8 * LOCATE_FIRST]);
  });

  test("is kept when the locator says there is none", () => {
    const message = bulkCall(1, 100, 5000);
    let asked = 0;
    const locatePayload: PayloadLocator = () => {
      asked++;
      return "none";
    };
    const [record] = new Reading({ startsInSync: true, locatePayload }).push(marked(message), 200).finish();
    expect(record).toMatchObject({ elidedAt: NOT_ELIDED, elidedLength: 0 });
    expect(Buffer.compare(record.kept, message)).toBe(0);
    expect(asked).toBe(1);
  });

  test("whose length the record cannot hold is kept", () => {
    const message = bulkCall(1, 100, 5000, 0xffff_fff0);
    const [record] = new Reading({ startsInSync: true, locatePayload: locate }).push(marked(message), 200).finish();
    expect(record).toMatchObject({ elidedAt: NOT_ELIDED, truncated: false });
    expect(Buffer.compare(record.kept, message)).toBe(0);
  });

  test("whose lie hides behind a further fragment ends with the record", () => {
    const message = bulkCall(1, 100, 5000, 0xffff_fff0);
    const [record] = new Reading({ startsInSync: true, locatePayload: locate })
      .push(marked(message, [2000]), 200)
      .finish();
    expect(record.truncated).toBe(false);
    expect(record.kept.length + record.elidedLength).toBe(message.length);
  });

  test("may have missing bytes inside: nothing is lost", () => {
    const message = bulkCall(1, 100, 50_000);
    const record = marked(message);
    for (const [from, length] of [
      [2000, 1448],
      [600, 40_000],
      [3000, 47_000],
    ]) {
      const reading = new Reading({ startsInSync: true, locatePayload: locate });
      reading
        .push(record.subarray(0, from), 1448)
        .miss(length)
        .push(record.subarray(from + length), 1448);
      expectElided(reading.finish()[0], message, 50_000);
    }
  });

  test("with missing bytes that reach behind it ends the record there", () => {
    const message = bulkCall(1, 100, 50_000);
    const record = marked(message);
    const reading = new Reading({ startsInSync: true, locatePayload: locate });
    reading
      .push(record.subarray(0, 2000), 1448)
      .miss(record.length - 2000 - 4)
      .push(record.subarray(record.length - 4));
    const [seen] = reading.finish();
    expect(seen).toMatchObject({ truncated: true, length: message.length, elidedLength: 50_000 - PAYLOAD_KEPT_BYTES });
    expect(seen.kept.length).toBe(seen.elidedAt);
  });

  test("cut by the snap length before the locator's first question is still left out", () => {
    const message = bulkCall(1, 20, 5000);
    const record = marked(message);
    const reading = new Reading({ startsInSync: true, locatePayload: locate });
    reading.push(record.subarray(0, 300)).miss(1148, "snaplen");
    reading.push(record.subarray(1448, 1700)).miss(record.length - 1700 - 40, "snaplen");
    reading.push(record.subarray(record.length - 40));
    expectElided(reading.finish()[0], message, 5000);
  });

  test("unfinished at the end of the capture counts what passed", () => {
    const record = marked(bulkCall(1, 100, 50_000));
    const reading = new Reading({ startsInSync: true, locatePayload: locate }).push(record.subarray(0, 20_004), 1448);
    const [seen] = reading.finish();
    expect(seen.truncated).toBe(true);
    expect(seen.kept.length + seen.elidedLength).toBe(20_000);
    expect(reading.reader.counters.elidedBytes).toBe(seen.elidedLength);
  });

  test("of any size does not use up RECORD_KEPT_MAX", () => {
    const size = 3 * RECORD_KEPT_MAX;
    const message = bulkCall(1, 100, size);
    const reading = new Reading({ startsInSync: true, locatePayload: locate });
    expectElided(reading.push(marked(message), 65_000).finish()[0], message, size);
    expect(reading.reader.counters.oversize).toBe(0);
  });

  test("leaves a hole that a cursor passes over", () => {
    const size = 5001;
    const message = bulkCall(1, 0, size);
    const reader = new Reading({ startsInSync: true, locatePayload: locate }).push(marked(message), 500);
    const [record] = reader.finish();
    const cursor = new Cursor().reset(record.kept, 0, record.kept.length, record.elidedAt, record.elidedLength);
    cursor.skip(message.length - TAIL.length - size - (-size & 3));
    cursor.skipPayload(size);
    expect(cursor.position).toBe(message.length - TAIL.length);
    expect(cursor.take(TAIL.length)).toEqual(TAIL);
    expect(cursor.remaining).toBe(0);
  });
});

test("a large buffer is let go after its record", () => {
  const gather = new RecordGather(undefined);
  const large = filler(300_000);
  gather.take(large, 0, large.length, large.length, true);
  expect(gather.bytes.length).toBeGreaterThanOrEqual(large.length);
  gather.restart();
  expect(gather.bytes.length).toBe(0);
});
