import { expect, test } from "vitest";
import { padded, u32 } from "../../src/rpc/u32.ts";

test("32 bits are big-endian and unsigned", () => {
  const bytes = Uint8Array.of(0xaa, 0xff, 0, 1, 2);
  expect([u32(bytes, 0), u32(bytes, 1)]).toEqual([0xaaff0001, 0xff000102]);
});

test("lengths are rounded up to four", () => {
  expect([0, 1, 3, 4, 5, 400].map(padded)).toEqual([0, 4, 4, 4, 8, 400]);
});
