import { describe, expect, it } from "vitest";
import { Chunk } from "../../src/capture/chunk.ts";
import { ReadError } from "../../src/sys/read-error.ts";
import { memorySource } from "../support/memory-source.ts";
import { random } from "../support/random.ts";

const content = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) & 0xff);

describe("Chunk", () => {
  it("gives the content in order, whatever is taken at once", async () => {
    for (let seed = 1; seed <= 100; seed++) {
      const next = random(seed);
      const source = memorySource(content, { step: 1 + Math.floor(next() * 300) });
      const chunk = new Chunk(source, 16 + Math.floor(next() * 200));
      const taken: number[] = [];
      while (taken.length < content.length) {
        const wanted = Math.min(1 + Math.floor(next() * 500), content.length - taken.length);
        while (chunk.available < wanted) expect(await chunk.fill(wanted), `seed ${seed}`).toBe(true);
        expect(chunk.offset).toBe(taken.length);
        taken.push(...chunk.bytes.subarray(chunk.start, chunk.start + wanted));
        chunk.start += wanted;
      }
      expect(await chunk.fill(1)).toBe(false);
      expect(Uint8Array.from(taken)).toEqual(content);
    }
  });

  it("grows to twice what is needed, and no further", async () => {
    const chunk = new Chunk(memorySource(content), 64);
    while (chunk.available < 1000) await chunk.fill(1000);
    expect(chunk.bytes.length).toBe(2000);
    chunk.start += 1000;
    while (chunk.available < 1000) await chunk.fill(1000);
    expect(chunk.bytes.length).toBe(2000);
  });

  it("copies a bounded number of bytes when each packet leaves little room", async () => {
    let copied = 0;
    const source = memorySource(new Uint8Array(400_000), { step: 3 });
    const chunk = new Chunk(source, 1000);
    const { copyWithin } = Uint8Array.prototype;
    Uint8Array.prototype.copyWithin = function (target: number, start: number, end?: number) {
      copied += (end ?? this.length) - start;
      return copyWithin.call(this, target, start, end);
    };
    try {
      for (let left = 400_000; left >= 400; left -= 4) {
        while (chunk.available < 400) await chunk.fill(400);
        chunk.start += 4;
      }
    } finally {
      Uint8Array.prototype.copyWithin = copyWithin;
    }
    expect(copied).toBeLessThan(4 * 400_000);
  });

  it("keeps a read error for the end and does not read again", async () => {
    const error = new ReadError("gone");
    const chunk = new Chunk(memorySource(content.slice(0, 10), { error }), 64, "decompression");
    expect(await chunk.fill(1)).toBe(true);
    expect(await chunk.fill(20)).toBe(false);
    expect(await chunk.fill(20)).toBe(false);
    expect([chunk.available, chunk.isEnded, chunk.failure, chunk.failureKind]).toEqual([
      10,
      true,
      error,
      "decompression",
    ]);
  });
});
