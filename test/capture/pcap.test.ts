import { describe, expect, it } from "vitest";
import { type PcapShape, writePcap } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";

const packets = somePackets(12);
const expected = packets.map((packet, index) => ({
  number: index + 1,
  capture: 0,
  seconds: packet.seconds,
  nanos: packet.nanos,
  interfaceId: 0,
  linkType: 1,
  fcsLength: 0,
  originalLength: packet.bytes.length,
  bytes: packet.bytes,
}));

const SHAPES: [string, PcapShape][] = [
  ["little endian, microseconds", { order: "little" }],
  ["big endian, microseconds", { order: "big" }],
  ["little endian, nanoseconds", { order: "little", nanos: true }],
  ["big endian, nanoseconds", { order: "big", nanos: true }],
  ["the modified kind", { modified: true }],
];

describe.each(SHAPES)("pcap, %s", (_, shape) => {
  const file = writePcap(shape, packets);
  const recordHeaderBytes = shape.modified ? 24 : 16;

  it("gives every packet with its time and bytes", async () => {
    const { frames, damage, reader } = await readCapture(memorySource(file));
    expect(frames).toEqual(expected);
    expect(damage).toEqual([]);
    expect(reader).toMatchObject({ format: "pcap", linkTypes: [1], damageOmitted: 0, bytesRead: file.length });
  });

  it.each([1, 7, 4096])("gives the same when read %i bytes at a time", async (step) => {
    const { frames, damage } = await readCapture(memorySource(file, { step }), { chunkBytes: 64 });
    expect(frames).toEqual(expected);
    expect(damage).toEqual([]);
  });

  it("cut at any byte gives the packets before the cut, and one damage", async () => {
    let whole = 0;
    let nextEnd = 24 + recordHeaderBytes + packets[0].bytes.length;
    for (let cut = 24; cut < file.length; cut++) {
      if (cut === nextEnd) nextEnd += recordHeaderBytes + packets[++whole].bytes.length;
      const { frames, damage } = await readCapture(memorySource(file.slice(0, cut)));
      expect(frames, `cut at ${cut}`).toEqual(expected.slice(0, whole));
      const isAtBorder = nextEnd - recordHeaderBytes - packets[whole].bytes.length === cut;
      expect(damage.map(({ kind, frame }) => ({ kind, frame }))).toEqual(
        isAtBorder ? [] : [{ kind: "truncated", frame: whole }],
      );
    }
    expect(whole).toBe(packets.length - 1);
  });
});

describe("pcap header fields", () => {
  it("takes link type and FCS length apart", async () => {
    // FCS of 2 words, P bit set, link type 113.
    const { frames } = await readCapture(memorySource(writePcap({ linkType: 0x2400_0071 }, packets)));
    expect(frames[0]).toMatchObject({ linkType: 113, fcsLength: 4 });
  });

  it("ignores an FCS length without its presence bit", async () => {
    const { frames } = await readCapture(memorySource(writePcap({ linkType: 0xf000_0001 }, packets)));
    expect(frames[0]).toMatchObject({ linkType: 1, fcsLength: 0 });
  });

  it.each([0, 40, 0xffff_ffff, 0x8000_0000])("does not care for a lying snap length of %i", async (snaplen) => {
    const { frames, damage } = await readCapture(memorySource(writePcap({ snaplen }, packets)));
    expect(frames).toEqual(expected);
    expect(damage).toEqual([]);
  });

  it("accepts a packet above 256 KiB when the snap length asks for it, and grows the chunk for it", async () => {
    const big = new Uint8Array(400_000).fill(7);
    const file = writePcap({ snaplen: 500_000 }, [packets[0], { seconds: 1_700_000_001, bytes: big }, packets[1]]);
    const { frames, damage } = await readCapture(memorySource(file, { step: 60_000 }), { chunkBytes: 65_536 });
    expect(frames.map((frame) => frame.bytes.length)).toEqual([
      packets[0].bytes.length,
      400_000,
      packets[1].bytes.length,
    ]);
    expect(frames[1].bytes.every((byte) => byte === 7)).toBe(true);
    expect(damage).toEqual([]);
  });

  it("reads a capture without packets", async () => {
    const { frames, damage } = await readCapture(memorySource(writePcap({}, [])));
    expect(frames).toEqual([]);
    expect(damage).toEqual([]);
  });

  it("keeps the original length of a cut packet, and never gives one below what was captured", async () => {
    const file = writePcap({}, [
      { seconds: 1, bytes: new Uint8Array(10), originalLength: 1500 },
      { seconds: 2, bytes: new Uint8Array(10), originalLength: 0 },
    ]);
    const { frames } = await readCapture(memorySource(file));
    expect(frames.map((frame) => frame.originalLength)).toEqual([1500, 10]);
  });

  it("carries a fraction of more than a second", async () => {
    const file = writePcap({ nanos: true }, [{ seconds: 5, nanos: 2_500_000_000, bytes: new Uint8Array(1) }]);
    expect((await readCapture(memorySource(file))).frames[0]).toMatchObject({ seconds: 7, nanos: 500_000_000 });
  });
});
