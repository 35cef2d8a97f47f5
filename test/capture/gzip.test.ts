import { createGzip, gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { GzipUnpacker } from "../../src/capture/gzip.ts";
import { UnpackedSource } from "../../src/capture/unpacked-source.ts";
import { concat, writePcap } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";

const packets = somePackets(2000);
const file = writePcap({}, packets);

describe("gzip", () => {
  it("reads members one after the other, wherever they are split", async () => {
    for (const split of [1, 24, 1000, 20_000]) {
      const bytes = concat([gzipSync(file.slice(0, split)), gzipSync(new Uint8Array(0)), gzipSync(file.slice(split))]);
      const { frames, damage } = await readCapture(memorySource(bytes));
      expect(frames).toHaveLength(2000);
      expect(damage).toEqual([]);
    }
  });

  it("tolerates zero bytes after the last member, as gzip does", async () => {
    const { frames, damage } = await readCapture(memorySource(concat([gzipSync(file), new Uint8Array(100_000)])));
    expect(frames).toHaveLength(2000);
    expect(damage).toEqual([]);
  });

  it("reports garbage after the last member", async () => {
    const { frames, damage } = await readCapture(memorySource(concat([gzipSync(file), new Uint8Array(100).fill(9)])));
    // zlib keeps back up to 16 KiB of what it had unpacked when it meets the garbage.
    expect(frames.length).toBeGreaterThan(2000 - 16_384 / 17);
    expect(damage).toMatchObject([{ kind: "decompression" }]);
  });

  it("keeps what came before a damaged place", async () => {
    const stored = gzipSync(file, { level: 0 });
    const broken = Uint8Array.from(stored);
    // The second stored block begins after 65,535 bytes; its type becomes the impossible one.
    broken[10 + 5 + 65_535] = 0x07;
    const { frames, damage } = await readCapture(memorySource(broken));
    expect(frames.length).toBeGreaterThan(800);
    expect(frames.map(({ bytes }) => bytes)).toEqual(packets.slice(0, frames.length).map(({ bytes }) => bytes));
    expect(damage).toMatchObject([{ kind: "decompression" }]);
    expect(damage[0].message).toContain("the gzip data is damaged");
  });

  it("notices a false checksum", async () => {
    const broken = Uint8Array.from(gzipSync(file));
    broken[broken.length - 8] ^= 1;
    const { frames, damage } = await readCapture(memorySource(broken));
    expect(frames.length).toBeGreaterThan(0);
    expect(damage).toMatchObject([{ kind: "decompression", message: expect.stringContaining("incorrect data check") }]);
  });

  it("stays flat on a bomb", async () => {
    const bomb = await zeroBomb(300_000_000);
    const source = new UnpackedSource("bomb", new GzipUnpacker(memorySource(bomb)));
    const into = new Uint8Array(1_048_576);
    let total = 0;
    let peak = 0;
    const before = process.memoryUsage().arrayBuffers;
    for (;;) {
      const count = await source.read(into, 0);
      if (count === 0) break;
      total += count;
      peak = Math.max(peak, process.memoryUsage().arrayBuffers - before);
    }
    expect(total).toBe(300_000_000);
    expect(peak).toBeLessThan(150_000_000);
  });
});

async function zeroBomb(bytes: number): Promise<Uint8Array> {
  const gzip = createGzip({ level: 9 });
  const pieces: Uint8Array[] = [];
  gzip.on("data", (piece: Uint8Array) => pieces.push(piece));
  const zeros = new Uint8Array(10_000_000);
  for (let left = bytes; left > 0; left -= zeros.length) {
    await new Promise<void>((resolve) => gzip.write(zeros, () => resolve()));
  }
  await new Promise<void>((resolve) => {
    gzip.on("end", () => resolve());
    gzip.end();
  });
  return concat(pieces);
}
