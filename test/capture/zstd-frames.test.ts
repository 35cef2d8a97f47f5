import { describe, expect, it } from "vitest";
import { ZstdFrames } from "../../src/capture/zstd-frames.ts";
import { concat } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

async function pieces(bytes: Uint8Array, step?: number) {
  const frames = new ZstdFrames(memorySource(bytes, step === undefined ? {} : { step }));
  const all: [string, string, number][] = [];
  for (let piece = await frames.next(); piece !== null; piece = await frames.next()) {
    const role = piece.isChecksum
      ? "checksum"
      : `${piece.isFirst ? "first " : ""}${piece.isLastBlock ? "last" : ""}`.trim();
    all.push([Buffer.from(piece.bytes).toString("hex"), role, piece.windowBytes]);
  }
  return all;
}

describe("ZstdFrames", () => {
  // A frame of a raw and a run-length block with checksum, a skippable frame, a single-segment frame of one byte.
  const data = hex("28b52ffd 04 08 100000 6162 2b0000 78 cccccccc 5a2a4d18 03000000 010203 28b52ffd 20 01 090000 7a");
  const expected = [
    ["28b52ffd0408100000" + "6162", "first", 2048],
    ["2b000078", "last", 2048],
    ["cccccccc", "checksum", 2048],
    ["28b52ffd2001090000" + "7a", "first last", 1],
  ];

  it("cuts data into blocks, the first with its frame header, and checksums", async () => {
    expect(await pieces(data)).toEqual(expected);
  });

  it.each([1, 3, 7])("does so when read %i bytes at a time", async (step) => {
    expect(await pieces(data, step)).toEqual(expected);
  });

  it("cut at any byte gives the whole blocks before the cut and then an error", async () => {
    const ends = [11, 15, 19, data.length];
    const borders = [0, 19, 30];
    for (let cut = 0; cut < data.length; cut++) {
      const frames = new ZstdFrames(memorySource(data.slice(0, cut)));
      let blocks = 0;
      const outcome = await (async () => {
        while ((await frames.next()) !== null) blocks++;
        return "end";
      })().catch((error: Error) => error.message);
      expect([cut, blocks]).toEqual([cut, ends.filter((end) => end <= cut).length]);
      expect([cut, outcome]).toEqual([cut, borders.includes(cut) ? "end" : "the zstd data ends too early"]);
    }
  });

  it.each([
    ["2-byte content size", "28b52ffd 60 0001 010000", 512],
    ["4-byte content size", "28b52ffd a0 00000100 010000", 65_536],
    ["8-byte content size", "28b52ffd e0 0000010000000000 010000", 65_536],
    ["window with mantissa", "28b52ffd 00 0b 010000", 2048 + 3 * 256],
  ])("reads a window of %s", async (_, text, windowBytes) => {
    expect((await pieces(hex(text)))[0][2]).toBe(windowBytes);
  });

  it("skips a skippable frame longer than its buffer", async () => {
    const skipped = concat([hex("502a4d18 40420f00"), new Uint8Array(1_000_000)]);
    expect(await pieces(concat([skipped, data]))).toEqual(expected);
  });
});
