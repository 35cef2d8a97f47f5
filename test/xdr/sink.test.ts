import { describe, expect, test } from "vitest";
import { Sink } from "../../src/xdr/sink.ts";
import { toHex } from "../support/hex.ts";

describe("Sink", () => {
  test("grows without losing what it holds", () => {
    const sink = new Sink(1);
    for (let i = 0; i < 1000; i++) sink.u32(i);
    const bytes = sink.finish();
    expect(bytes.length).toBe(4000);
    expect(toHex(bytes.subarray(0, 8))).toBe("0000000000000001");
    expect(toHex(bytes.subarray(3996))).toBe("000003e7");
  });

  test("writes numbers most significant byte first", () => {
    const sink = new Sink();
    sink.u32(0x0102_0304);
    sink.u32(0xffff_fffe);
    sink.u64(0x0102_0304_0506_0708n);
    sink.u64(-2n);
    expect(toHex(sink.finish())).toBe("01020304fffffffe0102030405060708fffffffffffffffe");
  });

  test("pads with zeros also in a buffer used before", () => {
    const sink = new Sink(8);
    sink.raw(Uint8Array.of(9, 9, 9, 9, 9, 9, 9, 9));
    sink.clear().padded(Uint8Array.of(1, 2, 3, 4, 5));
    expect(toHex(sink.view())).toBe("0102030405000000");
  });

  test("patches a word written before, and no other", () => {
    const sink = new Sink();
    sink.u32(0);
    sink.u32(7);
    sink.patch(0, sink.length);
    expect(toHex(sink.finish())).toBe("0000000800000007");
    expect(() => sink.patch(8, 1)).toThrow(RangeError);
  });

  test("finish copies, view does not", () => {
    const sink = new Sink();
    sink.u32(1);
    const [copy, view] = [sink.finish(), sink.view()];
    sink.patch(0, 2);
    expect([copy[3], view[3]]).toEqual([1, 2]);
  });
});

test("raw bytes that make the buffer grow arrive whole", () => {
  const sink = new Sink();
  const bytes = Uint8Array.from({ length: 100_000 }, (_, i) => i & 255);
  sink.raw(bytes);
  sink.raw(bytes);
  expect(sink.finish()).toEqual(Uint8Array.from([...bytes, ...bytes]));
});
