import { describe, expect, test } from "vitest";
import { GatheringSink, LENT_BYTES_MIN } from "../../src/xdr/gathering-sink.ts";
import { payload, payloadOf } from "../../src/xdr/payload.ts";
import { Sink } from "../../src/xdr/sink.ts";

const opaque = payload();
const bulk = (length: number) => new Uint8Array(length).fill(length & 0xff);

describe("what is written comes out as from a sink that copies", () => {
  test.each([
    ["no bulk data", [10]],
    ["bulk data", [LENT_BYTES_MIN]],
    ["bulk data with padding", [LENT_BYTES_MIN + 3]],
    ["bulk data twice", [LENT_BYTES_MIN + 1, 5, LENT_BYTES_MIN + 2]],
    ["bulk data one behind the other", [LENT_BYTES_MIN, LENT_BYTES_MIN + 4]],
  ])("%s", (_, lengths) => {
    const gathering = new GatheringSink(8);
    const copying = new Sink();
    for (const sink of [gathering, copying]) {
      sink.u32(0);
      const marks = lengths.map((length) => {
        opaque.write(sink, payloadOf(bulk(length)));
        sink.u32(7);
        return sink.length - 4;
      });
      sink.patch(0, 0x8000_0001);
      for (const at of marks) sink.patch(at, at);
    }
    expect(Buffer.compare(Buffer.concat(gathering.pieces()), copying.view())).toBe(0);
    expect(Buffer.compare(gathering.view(), copying.view())).toBe(0);
    expect(gathering.length).toBe(copying.length);
    expect(gathering.u32At(gathering.length - 4)).toBe(copying.u32At(copying.length - 4));
  });
});

test("bulk data is not copied, what is shorter is", () => {
  const sink = new GatheringSink();
  const [long, short] = [bulk(LENT_BYTES_MIN), bulk(LENT_BYTES_MIN - 1)];
  opaque.write(sink, payloadOf(long));
  opaque.write(sink, payloadOf(short));
  const pieces = sink.pieces();
  expect(pieces).toHaveLength(3);
  expect(pieces[1]).toBe(long);
  short.fill(99);
  expect(pieces[2]![4]).not.toBe(99);
});

test("what was written can be taken back, lent pieces too", () => {
  const sink = new GatheringSink();
  sink.u32(1);
  opaque.write(sink, payloadOf(bulk(LENT_BYTES_MIN + 1)));
  const kept = sink.length;
  opaque.write(sink, payloadOf(bulk(LENT_BYTES_MIN)));
  sink.truncate(kept);
  expect(sink.length).toBe(kept);
  expect(sink.finish()).toHaveLength(kept);
  sink.truncate(4);
  sink.u32(2);
  expect(sink.finish()).toEqual(Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 2));
});
