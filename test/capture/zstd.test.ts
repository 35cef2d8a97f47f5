import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/detect.ts";
import { UnpackedSource } from "../../src/capture/unpacked-source.ts";
import { ZstdUnpacker } from "../../src/capture/zstd.ts";
import { concat, writePcap } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";
import { toolOrSkip } from "../support/require-tool.ts";

const { skip } = toolOrSkip("zstd");
const packets = somePackets(20_000);
const file = writePcap({}, packets);
const content = concat(packets.map(({ bytes }) => bytes));

function zstd(input: Uint8Array, ...args: string[]): Uint8Array {
  const { status, stdout, stderr } = spawnSync("zstd", ["-qc", ...args], { input, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`zstd: ${stderr}`);
  return Uint8Array.from(stdout);
}

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

describe.skipIf(skip)("zstd, as the program packs it", () => {
  it.each([["-1"], ["-3", "--no-check"], ["-19"], ["--ultra", "-22"], ["-3", "--long=27"], ["-1", "--fast=5"]])(
    "%s",
    async (...args) => {
      const { frames, damage } = await readCapture(memorySource(zstd(file, ...args)));
      expect(frames).toHaveLength(20_000);
      // One comparison: 20,000 small ones take longer than the reading.
      expect(Buffer.compare(concat(frames.map(({ bytes }) => bytes)), content)).toBe(0);
      expect(damage).toEqual([]);
    },
  );

  it("reads frames one after the other, with skippable ones between", async () => {
    const skippable = concat([hex("512a4d18 05000000"), new Uint8Array(5)]);
    const bytes = concat([
      skippable,
      zstd(file.slice(0, 30)),
      skippable,
      zstd(file.slice(30, 70_000)),
      zstd(new Uint8Array(0)),
      zstd(file.slice(70_000)),
    ]);
    for (const step of [1000, undefined]) {
      const { frames, damage } = await readCapture(memorySource(bytes, step === undefined ? {} : { step }));
      expect(frames).toHaveLength(20_000);
      expect(damage).toEqual([]);
    }
  });

  it("keeps the blocks before a cut", async () => {
    const bytes = zstd(file, "-1");
    const { frames, damage } = await readCapture(memorySource(bytes.slice(0, bytes.length >> 1)));
    expect(frames.length).toBeGreaterThan(2000);
    expect(damage).toMatchObject([
      { kind: "decompression", frame: frames.length, message: expect.stringContaining("the zstd data ends too early") },
    ]);
  });

  it("notices content that does not fit its checksum, but gives it", async () => {
    const bytes = zstd(file, "-1", "--check");
    bytes[bytes.length - 1] ^= 1;
    const { frames, damage } = await readCapture(memorySource(bytes));
    expect(frames).toHaveLength(20_000);
    expect(damage).toMatchObject([
      { kind: "decompression", message: expect.stringMatching(/^the zstd data is damaged: .*checksum/) },
    ]);
  });

  it("refuses a window above the limit", async () => {
    const bytes = zstd(concat([file, new Uint8Array(1000)]), "--long=28", "--no-check");
    await expect(openCapture(memorySource(bytes))).rejects.toThrow(
      /needs 268435456 bytes of memory; unpack it with `zstd -d --long=31` first/,
    );
  });
});

describe("zstd made by hand", () => {
  async function unpackAll(bytes: Uint8Array): Promise<number> {
    const source = new UnpackedSource("x", new ZstdUnpacker(memorySource(bytes), false));
    const into = new Uint8Array(1_000_000);
    let total = 0;
    for (let count = await source.read(into, 0); count > 0; count = await source.read(into, 0)) total += count;
    return total;
  }

  it("reads raw and run-length blocks", async () => {
    // Window 1 KiB; raw block of 2 bytes, then the last block: "x" 5 times.
    expect(await unpackAll(hex("28b52ffd 00 00 100000 6162 2b0000 78"))).toBe(7);
  });

  it.each([
    ["a reserved bit", "28b52ffd 08 00 010000", /a reserved bit/],
    ["a dictionary", "28b52ffd 01 00 07 010000", /needs a dictionary/],
    ["a reserved block type", "28b52ffd 00 00 070000", /impossible block header/],
    ["a block above 128 KiB", "28b52ffd 00 00 05ffff", /impossible block header/],
    ["no frame after the first", "28b52ffd 00 00 010000 1122334455667788", /no frame where one should start/],
    ["a cut checksum", "28b52ffd 04 00 010000 1122", /ends too early/],
    ["a window of 2^41", "28b52ffd 00 ff 010000", /needs \d+ bytes of memory/],
    ["a content size beyond the window limit", "28b52ffd e0 ffffffffffffff0f 010000", /needs \d+ bytes of memory/],
    ["nonsense in a block", "28b52ffd 00 00 250000 ffffffff", /the zstd data is damaged/],
  ])("refuses %s", async (_, text, message) => {
    await expect(unpackAll(hex(text))).rejects.toThrow(message);
  });

  it("does not spend unbounded time on tiny blocks behind a huge window", async () => {
    const head = hex("28b52ffd 00 88");
    const blocks = new Uint8Array(400_000);
    for (let at = 0; at < blocks.length; at += 4) blocks.set([0x08, 0, 0, 0x61], at);
    const start = performance.now();
    await expect(unpackAll(concat([head, blocks]))).rejects.toThrow(/tiny blocks/);
    expect(performance.now() - start).toBeLessThan(10_000);
  });
});
