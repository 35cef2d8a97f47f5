import { describe, expect, it } from "vitest";
import { sectionIsLittleEndian } from "../../src/capture/pcapng-blocks.ts";
import { concat, type PcapngItem, writePcapng } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";

const packets = somePackets(20);
const items: PcapngItem[] = [
  { kind: "interface" },
  ...packets.map((packet) => ({ kind: "enhanced" as const, ...packet })),
];
const file = writePcapng({ items });

/** Offset of packet block `index` (0-based). */
function blockStart(index: number): number {
  let at = 28 + 20;
  for (let left = index; left > 0; left--) at += new DataView(file.buffer).getUint32(at + 4, true);
  return at;
}

function withWord(at: number, value: number): Uint8Array {
  const changed = file.slice();
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
}

describe("a pcapng with damaged blocks", () => {
  const others = packets.filter((_, index) => index !== 7).map(({ bytes }) => bytes);

  it.each([0, 3, 8, 13, 0x80000000, 0xfffffff0, 0x00ffffff])("goes on after a block length of %i", async (lie) => {
    const { frames, damage } = await readCapture(memorySource(withWord(blockStart(7) + 4, lie)));
    expect(frames.map(({ bytes }) => bytes)).toEqual(others);
    expect(damage).toMatchObject([{ kind: "bad-length", offset: blockStart(7), frame: 7 }]);
    expect(damage[0].message).toContain("went on");
  });

  it.each([1, 7, 4096])("does so too when read %i bytes at a time", async (step) => {
    const source = memorySource(withWord(blockStart(7) + 4, 0xfffffff0), { step });
    const { frames, damage } = await readCapture(source, { chunkBytes: 64 });
    expect(frames).toHaveLength(19);
    expect(damage).toHaveLength(1);
  });

  it("goes on after a block whose two lengths differ", async () => {
    const { frames, damage } = await readCapture(memorySource(withWord(blockStart(8) - 4, 12)));
    expect(frames.map(({ bytes }) => bytes)).toEqual(others);
    expect(damage).toMatchObject([{ kind: "bad-length", offset: blockStart(7) }]);
  });

  it("goes on after a length that swallows the next blocks", async () => {
    const { frames, damage } = await readCapture(
      memorySource(withWord(blockStart(7) + 4, blockStart(9) - blockStart(7) + 4)),
    );
    expect(frames.map(({ bytes }) => bytes)).toEqual(others);
    expect(damage).toHaveLength(1);
  });

  it("skips garbage, and finds a section of another byte order after it", async () => {
    const garbage = new Uint8Array(1_500_001).fill(0xfe);
    const other = writePcapng({ order: "big", items });
    const { frames, damage } = await readCapture(memorySource(concat([file, garbage, other])), { chunkBytes: 65_536 });
    expect(frames.map(({ bytes }) => bytes)).toEqual([...packets, ...packets].map(({ bytes }) => bytes));
    expect(damage).toHaveLength(1);
    expect(damage[0].message).toContain("went on 1500001 bytes later");
  });

  it("reports a section header without byte-order magic", async () => {
    const broken = file.slice();
    broken.fill(0, 8, 12);
    const { frames, damage } = await readCapture(memorySource(concat([file, broken])));
    // The interface of the broken section is found again and joins the section before.
    expect(frames).toHaveLength(40);
    expect(damage).toMatchObject([{ kind: "bad-block", offset: file.length, frame: 20 }]);
  });

  it("says so when nothing follows", async () => {
    const { frames, damage } = await readCapture(memorySource(concat([file, new Uint8Array(999).fill(0xff)])));
    expect(frames).toHaveLength(20);
    expect(damage).toHaveLength(1);
    expect(damage[0].message).toContain("no further block in the 999 bytes after it");
  });

  it("is linear on data made to look like long blocks", async () => {
    const trap = new Uint8Array(8_000_000);
    const words = new DataView(trap.buffer);
    for (let at = 0; at + 8 <= trap.length; at += 8) {
      words.setUint32(at, 6, true);
      words.setUint32(at + 4, 500_000, true);
    }
    const start = performance.now();
    const { damage } = await readCapture(memorySource(concat([file, new Uint8Array(8).fill(0xff), trap])), {
      chunkBytes: 65_536,
    });
    expect(damage.length).toBeGreaterThan(0);
    expect(performance.now() - start).toBeLessThan(3000);
  });
});

describe("sectionIsLittleEndian", () => {
  it.each([
    ["0a0d0d0a1c0000004d3c2b1a", true],
    ["0a0d0d0a0000001c1a2b3c4d", false],
    ["0a0d0d0a0000001c00000000", null],
    ["0b0d0d0a0000001c1a2b3c4d", null],
  ])("of %s is %s", (hex, isLittle) => {
    expect(sectionIsLittleEndian(Uint8Array.from(Buffer.from(hex, "hex")), 0)).toBe(isLittle);
  });
});
