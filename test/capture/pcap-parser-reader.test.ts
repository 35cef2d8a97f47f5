import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/detect.ts";
import { openSource } from "../../src/sys/files.ts";
import { InputError } from "../../src/sys/input-error.ts";
import { captureFiles, FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";
import { concat, writePcap } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { type KeptFrame, readCapture, readFrames } from "../support/read-capture.ts";

const packets = somePackets(500);
const reader = "pcap-parser";

describe("the reader pcap-parser", () => {
  it.each([
    ["little endian", writePcap({ order: "little" }, packets)],
    ["big endian", writePcap({ order: "big" }, packets)],
    ["with an FCS", writePcap({ linkType: 0x2400_0071 }, packets)],
    ["without packets", writePcap({}, [])],
    [
      "with empty and huge packets",
      writePcap({}, [
        { seconds: 1, bytes: new Uint8Array(0) },
        { seconds: 2, bytes: new Uint8Array(262_144) },
      ]),
    ],
  ])("agrees with our own, %s", async (_, file) => {
    for (const options of [{}, { chunkBytes: 64 }]) {
      for (const step of [7, 4096]) {
        const own = await readCapture(memorySource(file, { step }), options);
        const other = await readCapture(memorySource(file, { step }), { ...options, reader });
        expect(other.frames).toEqual(own.frames);
        expect(other.damage).toEqual([]);
        expect(other.reader.linkTypes).toEqual(own.reader.linkTypes);
        expect(other.reader.bytesRead).toBe(file.length);
      }
    }
  });

  it("reports a cut file, which the package does not", async () => {
    const file = writePcap({}, packets);
    const { frames, damage } = await readCapture(memorySource(file.slice(0, -1)), { reader });
    expect(frames).toHaveLength(499);
    expect(damage).toMatchObject([{ kind: "truncated", frame: 499 }]);
  });

  it("stops at an impossible length, in linear time", async () => {
    const bad = writePcap({}, packets);
    const lying = concat([bad, new Uint8Array(8), new Uint8Array(8).fill(0xff), new Uint8Array(20_000_000)]);
    const start = performance.now();
    const { frames, damage } = await readCapture(memorySource(lying, { step: 65_536 }), { reader });
    expect(performance.now() - start).toBeLessThan(2000);
    expect(frames).toHaveLength(500);
    expect(damage).toMatchObject([{ kind: "bad-length", frame: 500, offset: bad.length }]);
  });
});

const files = [...captureFiles(FIXTURE_CAPTURES), ...captureFiles(SHARED_CAPTURES)];

it.skipIf(files.length === 0)(
  `agrees with our own reader on every classic real capture${files.length === 0 ? " (there are none here)" : ""}`,
  async () => {
    let compared = 0;
    for (const path of files) {
      const other = await readAll(path);
      if (other === null) continue;
      const opened = await openCapture(await openSource(path));
      expect(differenceOf(other, await readFrames(opened.reader)), path).toBeNull();
      await opened.close();
      compared++;
    }
    expect(compared).toBeGreaterThan(0);
  },
  120_000,
);

/** The frames of a capture by pcap-parser; null when it is of a kind that package cannot read, or large. */
async function readAll(path: string): Promise<KeptFrame[] | null> {
  if (path.includes("big_")) return null;
  try {
    const opened = await openCapture(await openSource(path), { reader });
    const frames = await readFrames(opened.reader);
    await opened.close();
    return frames;
  } catch (error) {
    if (error instanceof InputError && error.message.includes("classic microsecond pcap only")) return null;
    throw error;
  }
}

/** The first difference in words; far quicker than a deep comparison of thousands of byte arrays. */
function differenceOf(a: readonly KeptFrame[], b: readonly KeptFrame[]): string | null {
  if (a.length !== b.length) return `${a.length} and ${b.length} frames`;
  for (let index = 0; index < a.length; index++) {
    const { bytes: x, ...left } = a[index];
    const { bytes: y, ...right } = b[index];
    if (JSON.stringify(left) !== JSON.stringify(right) || Buffer.compare(x, y) !== 0) return `frame ${index + 1}`;
  }
  return null;
}
