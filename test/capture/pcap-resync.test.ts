import { describe, expect, it } from "vitest";
import { concat, writePcap } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";

const packets = somePackets(40);

/** Where the record of packet `index` (0-based) starts. */
function recordStart(index: number): number {
  return 24 + packets.slice(0, index).reduce((sum, packet) => sum + 16 + packet.bytes.length, 0);
}

function withWord(file: Uint8Array, at: number, value: number): Uint8Array {
  const changed = file.slice();
  new DataView(changed.buffer).setUint32(at, value, true);
  return changed;
}

describe("a classic pcap with damage inside", () => {
  const file = writePcap({}, packets);
  const numbersOf = (count: number) => Array.from({ length: count }, (_, index) => index + 1);

  it.each([0xfffffff0, 0x80000000, 0x7fffffff, 262_145])("goes on after a captured length of %i", async (lie) => {
    const { frames, damage } = await readCapture(memorySource(withWord(file, recordStart(10) + 8, lie)));
    expect(frames.map((frame) => frame.number)).toEqual(numbersOf(39));
    expect(frames.map((frame) => frame.bytes)).toEqual(
      packets.filter((_, index) => index !== 10).map(({ bytes }) => bytes),
    );
    expect(damage).toHaveLength(1);
    expect(damage[0]).toMatchObject({ kind: "bad-length", offset: recordStart(10), frame: 10 });
    expect(damage[0].message).toContain(`${lie} captured bytes`);
    expect(damage[0].message).toContain(`went on ${recordStart(11) - recordStart(10)} bytes later`);
  });

  it.each([1, 7, 4096])("does so too when read %i bytes at a time", async (step) => {
    const source = memorySource(withWord(file, recordStart(10) + 8, 0xfffffff0), { step });
    const { frames, damage } = await readCapture(source, { chunkBytes: 64 });
    expect(frames).toHaveLength(39);
    expect(damage).toHaveLength(1);
  });

  it("skips garbage between records, however long", async () => {
    const garbage = new Uint8Array(3_000_000).fill(0xee);
    const broken = concat([file.slice(0, recordStart(20)), garbage, file.slice(recordStart(20))]);
    const { frames, damage } = await readCapture(memorySource(broken), { chunkBytes: 65_536 });
    expect(frames.map((frame) => frame.bytes)).toEqual(packets.map(({ bytes }) => bytes));
    expect(damage).toHaveLength(1);
    expect(damage[0].message).toContain("went on 3000000 bytes later");
  });

  it("skips a hole of zero bytes", async () => {
    const broken = concat([file.slice(0, recordStart(20)), new Uint8Array(5000), file.slice(recordStart(20))]);
    const { frames, damage } = await readCapture(memorySource(broken));
    expect(frames.map((frame) => frame.bytes)).toEqual(packets.map(({ bytes }) => bytes));
    expect(damage).toHaveLength(1);
    expect(damage[0].message).toContain("zero bytes");
  });

  it("finds the last record alone, by its exact end", async () => {
    const { frames } = await readCapture(memorySource(withWord(file, recordStart(38) + 8, 0xfffffff0)));
    expect(frames).toHaveLength(39);
    expect(frames[38].bytes).toEqual(packets[39].bytes);
  });

  it("says so when nothing follows", async () => {
    const broken = concat([file, new Uint8Array(5000).fill(0xff)]);
    const { frames, damage } = await readCapture(memorySource(broken));
    expect(frames).toHaveLength(40);
    expect(damage).toHaveLength(1);
    expect(damage[0].message).toContain("no further packet in the 5000 bytes after it");
  });

  it("gives up after 64 MiB without a record", async () => {
    const broken = concat([file, new Uint8Array(70_000_000).fill(0xff), file.slice(24)]);
    const { frames, damage, reader } = await readCapture(memorySource(broken));
    expect(frames).toHaveLength(40);
    expect(damage).toHaveLength(1);
    expect(damage[0].message).toMatch(/no further packet in the \d+ bytes after it, what follows is not read$/);
    expect(reader.bytesRead).toBeLessThan(broken.length);
  });

  it("reads around several damaged places", async () => {
    const broken = withWord(withWord(file, recordStart(5) + 8, 0xfffffff0), recordStart(25) + 8, 0xffffff00);
    const { frames, damage } = await readCapture(memorySource(broken));
    expect(frames).toHaveLength(38);
    expect(damage.map(({ frame }) => frame)).toEqual([5, 24]);
  });

  it("does not take a distant time for a record", async () => {
    const other = writePcap({}, somePackets(6, 1_000_000_000)).slice(24);
    const broken = concat([
      file.slice(0, recordStart(20)),
      new Uint8Array(64).fill(0xff),
      other,
      file.slice(recordStart(20)),
    ]);
    const { frames } = await readCapture(memorySource(broken));
    expect(frames.map((frame) => frame.bytes)).toEqual(packets.map(({ bytes }) => bytes));
  });

  it("keeps a bounded list of damages and counts the rest", async () => {
    const good = somePackets(3);
    const part = concat([writePcap({}, good).slice(24), new Uint8Array(40).fill(0xff)]);
    const broken = concat([writePcap({}, []), ...Array.from({ length: 400 }, () => part)]);
    const { frames, damage, reader } = await readCapture(memorySource(broken));
    expect(frames).toHaveLength(1200);
    expect(damage).toHaveLength(256);
    expect(reader.damageOmitted).toBe(400 - 256);
  });

  it("is linear on data made to look like records", async () => {
    // Every fourth byte starts something plausible that leads nowhere.
    const trap = new Uint8Array(8_000_000);
    const words = new DataView(trap.buffer);
    for (let at = 0; at < trap.length; at += 4) words.setUint32(at, 100_000 + (at % 1000), true);
    const broken = concat([writePcap({}, []), new Uint8Array(16).fill(0xff), trap]);
    const start = performance.now();
    await readCapture(memorySource(broken), { chunkBytes: 65_536 });
    expect(performance.now() - start).toBeLessThan(3000);
  });
});
