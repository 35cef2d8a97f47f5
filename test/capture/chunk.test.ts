import { describe, expect, it } from "vitest";
import { Chunk } from "../../src/capture/chunk.ts";
import { ReadError } from "../../src/sys/read-error.ts";
import { memorySource } from "../support/memory-source.ts";
import { random } from "../support/random.ts";

const content = Uint8Array.from({ length: 5000 }, (_, index) => (index * 31) & 0xff);

describe("Chunk", () => {
  it.each([false, true])(
    "gives the content in order, whatever is taken at once (reading ahead: %s)",
    async (readsAhead) => {
      for (let seed = 1; seed <= 60; seed++) {
        const next = random(seed);
        const chunk = new Chunk(
          memorySource(content, { step: 1 + Math.floor(next() * 300) }),
          16 + Math.floor(next() * 200),
          "truncated",
          readsAhead,
        );
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
    },
  );

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

  it("reads the next chunk while this one is looked at", async () => {
    let reads = 0;
    const source = memorySource(content);
    const counting = {
      name: source.name,
      size: source.size,
      read: (into: Uint8Array, at: number) => {
        reads++;
        return source.read(into, at);
      },
      close: () => source.close(),
    };
    const chunk = new Chunk(counting, 400, "truncated", true);
    expect(await chunk.fill(1)).toBe(true);
    expect(reads).toBe(2);
    const first = chunk.bytes.slice(0, chunk.end);
    chunk.start = chunk.end - 7;
    expect(first).toEqual(content.subarray(0, 400));
    expect(await chunk.fill(10)).toBe(true);
    expect(chunk.offset).toBe(393);
    expect(chunk.bytes.subarray(chunk.start, chunk.end)).toEqual(content.subarray(393, 800));
  });

  it("tells an error that a read ahead met when its bytes are asked for, not before", async () => {
    const error = new ReadError("gone");
    const chunk = new Chunk(memorySource(content.slice(0, 300), { error }), 300, "truncated", true);
    expect(await chunk.fill(1)).toBe(true);
    expect([chunk.available, chunk.isEnded, chunk.failure]).toEqual([300, false, null]);
    expect(await chunk.fill(301)).toBe(false);
    expect([chunk.available, chunk.isEnded, chunk.failure]).toEqual([300, true, error]);
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
