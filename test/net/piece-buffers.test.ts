import { expect, test } from "vitest";
import { PieceBuffers } from "../../src/net/piece-buffers.ts";

test.each([
  [0, 64],
  [1, 64],
  [64, 64],
  [65, 128],
  [1025, 2048],
  [65_536, 65_536],
  [65_537, 65_537],
])("%i bytes get a buffer of %i", (wanted, length) => {
  expect(new PieceBuffers().take(wanted).length).toBe(length);
});

test("what was given back is taken again, by its size", () => {
  const buffers = new PieceBuffers();
  const small = buffers.take(1_000);
  const large = buffers.take(60_000);
  buffers.give(small);
  buffers.give(large);
  expect(buffers.take(33_000)).toBe(large);
  expect(buffers.take(1_000)).toBe(small);
  expect(buffers.take(1_000) === small).toBe(false);
});

test("giants and what is more than enough are let go", () => {
  const buffers = new PieceBuffers();
  const giant = buffers.take(100_000);
  buffers.give(giant);
  expect(buffers.take(100_000) === giant).toBe(false);
  const taken = new Set(Array.from({ length: 1_000 }, () => buffers.take(1)));
  for (const buffer of taken) buffers.give(buffer);
  const again = Array.from({ length: 1_000 }, () => buffers.take(1));
  expect(again.filter((buffer) => taken.has(buffer)).length).toBeLessThan(100);
});
