import { describe, expect, it } from "vitest";
import { BrokenSource, CountedSource, PrefixedSource } from "../../src/capture/input-stages.ts";
import { ReadError } from "../../src/sys/read-error.ts";
import { memorySource } from "../support/memory-source.ts";

it("CountedSource counts what went through and keeps name and size", async () => {
  const inner = memorySource(new Uint8Array(10), { name: "n", step: 4 });
  const source = new CountedSource(inner);
  const counts: number[] = [];
  while ((await source.read(new Uint8Array(8), 0)) > 0) counts.push(source.bytesRead);
  expect(counts).toEqual([4, 8, 10]);
  expect([source.name, source.size]).toEqual(["n", 10]);
  await source.close();
  expect(inner.isClosed).toBe(true);
});

describe("PrefixedSource", () => {
  it.each([1, 3, 100])("gives the head, then the rest, %i bytes at a time", async (room) => {
    const source = new PrefixedSource(Uint8Array.of(1, 2, 3, 4), memorySource(Uint8Array.of(5, 6)));
    const seen: number[] = [];
    const into = new Uint8Array(1 + room);
    for (let count = await source.read(into, 1); count > 0; count = await source.read(into, 1)) {
      seen.push(...into.subarray(1, 1 + count));
    }
    expect(seen).toEqual([1, 2, 3, 4, 5, 6]);
  });
});

it("BrokenSource gives its error again and again, and closes what it replaced", async () => {
  const inner = memorySource(new Uint8Array(1));
  const source = new BrokenSource(inner, new ReadError("gone"));
  await expect(source.read()).rejects.toThrow("gone");
  await expect(source.read()).rejects.toThrow("gone");
  await source.close();
  expect(inner.isClosed).toBe(true);
});
