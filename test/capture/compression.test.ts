import { spawnSync } from "node:child_process";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { compressionOf, unpack } from "../../src/capture/compression.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { writePcap } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";
import { toolOrSkip } from "../support/require-tool.ts";

const packets = somePackets(3000);
const file = writePcap({}, packets);
const lz4 = toolOrSkip("lz4");
const zstd = toolOrSkip("zstd");

function packed(command: string, ...args: string[]): Uint8Array {
  const { status, stdout, stderr } = spawnSync(command, args, { input: file, maxBuffer: 1 << 28 });
  if (status !== 0) throw new Error(`${command}: ${stderr}`);
  return Uint8Array.from(stdout);
}

const KINDS: [string, { skip: boolean; reason: string }, () => Uint8Array][] = [
  ["gzip", { skip: false, reason: "" }, () => Uint8Array.from(gzipSync(file))],
  ["zstd", zstd, () => packed("zstd", "-qc")],
  ["lz4", lz4, () => packed("lz4", "-qc")],
];

describe.each(KINDS)("%s", (_, { skip, reason }, pack) => {
  it.skipIf(skip)(`gives the packed capture back${skip ? ` (${reason})` : ""}`, async () => {
    const { frames, damage } = await readCapture(memorySource(pack()));
    expect(frames.map(({ bytes }) => bytes)).toEqual(packets.map(({ bytes }) => bytes));
    expect(damage).toEqual([]);
  });

  it.skipIf(skip)(
    `cut anywhere, gives what could be unpacked, and one damage${skip ? ` (${reason})` : ""}`,
    async () => {
      const bytes = pack();
      let most = 0;
      const cuts = [0.2, 0.5, 0.9].map((part) => Math.floor(bytes.length * part));
      for (const cut of [...cuts, bytes.length - 5, bytes.length - 1]) {
        const outcome = await readCapture(memorySource(bytes.slice(0, cut))).catch((error: unknown) => error);
        // lz4 and zstd unpack by blocks: of a file of one block nothing can be had.
        if (outcome instanceof InputError) {
          expect(outcome.message).toMatch(/nothing could be read from it/);
          continue;
        }
        const { frames, damage } = outcome as Awaited<ReturnType<typeof readCapture>>;
        expect(frames.map((frame) => frame.bytes)).toEqual(
          packets.slice(0, frames.length).map((packet) => packet.bytes),
        );
        expect(damage, `cut at ${cut} of ${bytes.length}`).toMatchObject([
          { kind: "decompression", frame: frames.length },
        ]);
        most = Math.max(most, frames.length);
      }
      expect(most).toBe(3000);
    },
  );

  it.skipIf(skip)(`gives the same when read 7 bytes at a time${skip ? ` (${reason})` : ""}`, async () => {
    const { frames, damage } = await readCapture(memorySource(pack(), { step: 7 }), { chunkBytes: 4096 });
    expect(frames).toHaveLength(3000);
    expect(damage).toEqual([]);
  });
});

describe("compressionOf", () => {
  it.each([
    ["1f8b0800", "gzip"],
    ["1f8b0000", null],
    ["28b52ffd", "zstd"],
    ["502a4d18", "zstd"],
    ["5f2a4d18", "zstd"],
    ["04224d18", "lz4"],
    ["02214c18", "lz4"],
    ["d4c3b2a1", null],
    ["1f8b", null],
    ["", null],
  ])("of %s is %s", (hex, kind) => {
    expect(compressionOf(Uint8Array.from(Buffer.from(hex, "hex")))).toBe(kind);
  });
});

it("says how to get lz4 when it is missing", async () => {
  const path = process.env.PATH;
  process.env.PATH = "/nonexistent";
  try {
    await expect(unpack(memorySource(file), "lz4")).rejects.toThrow(
      "lz4 is not installed: apt-get install lz4, or unpack the file first",
    );
  } finally {
    process.env.PATH = path;
  }
});
