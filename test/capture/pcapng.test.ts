import { describe, expect, it } from "vitest";
import { type ByteOrder, concat, type PcapngItem, type PcapngSection, writePcapng } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { somePackets } from "../support/packets.ts";
import { readCapture } from "../support/read-capture.ts";

const ORDERS: ByteOrder[] = ["little", "big"];
const packets = somePackets(10);

function enhanced(number: number): PcapngItem[] {
  return packets.map((packet) => ({ kind: "enhanced", interface: number, ...packet }));
}

async function read(...sections: PcapngSection[]) {
  return readCapture(memorySource(writePcapng(...sections)));
}

describe.each(ORDERS)("pcapng, %s endian", (order) => {
  const file = writePcapng({ order, items: [{ kind: "interface", linkType: 113, fcslen: 4 }, ...enhanced(0)] });

  it("gives every packet with its time, link type and bytes", async () => {
    const { frames, damage, reader } = await readCapture(memorySource(file));
    expect(frames).toEqual(
      packets.map((packet, index) => ({
        number: index + 1,
        capture: 0,
        seconds: packet.seconds,
        nanos: packet.nanos,
        interfaceId: 0,
        linkType: 113,
        fcsLength: 4,
        originalLength: packet.bytes.length,
        bytes: packet.bytes,
      })),
    );
    expect(damage).toEqual([]);
    expect(reader).toMatchObject({ format: "pcapng", linkTypes: [113], bytesRead: file.length });
  });

  it.each([1, 7, 4096])("gives the same when read %i bytes at a time", async (step) => {
    const whole = await readCapture(memorySource(file));
    const { frames, damage } = await readCapture(memorySource(file, { step }), { chunkBytes: 64 });
    expect(frames).toEqual(whole.frames);
    expect(damage).toEqual([]);
  });

  it("cut at any byte gives the packets before the cut, and one damage", async () => {
    const ends = blockEnds(file, order);
    for (let cut = 28; cut < file.length; cut++) {
      const { frames, damage } = await readCapture(memorySource(file.slice(0, cut)));
      const wholeBlocks = ends.filter((end) => end <= cut).length;
      expect(frames.length, `cut at ${cut}`).toBe(Math.max(0, wholeBlocks - 2));
      expect(damage.map(({ kind }) => kind)).toEqual(ends.includes(cut) ? [] : ["truncated"]);
    }
  });

  it("reads simple packets: no time, length limited by the interface", async () => {
    const { frames } = await read({
      order,
      items: [
        { kind: "interface", snaplen: 8 },
        { kind: "simple", bytes: new Uint8Array(8).fill(1), originalLength: 1500 },
        { kind: "simple", bytes: new Uint8Array(5).fill(2) },
      ],
    });
    expect(frames.map((frame) => [frame.seconds, frame.nanos, frame.bytes.length, frame.originalLength])).toEqual([
      [Number.NaN, 0, 8, 1500],
      [Number.NaN, 0, 5, 5],
    ]);
  });

  it("reads the obsolete packet block", async () => {
    const { frames } = await read({ order, items: [{ kind: "interface" }, { kind: "packet", ...packets[3] }] });
    expect(frames[0]).toMatchObject({
      number: 1,
      seconds: packets[3].seconds,
      nanos: packets[3].nanos,
      bytes: packets[3].bytes,
    });
  });

  it("takes drop counts from interface statistics, the latest ones", async () => {
    const { reader } = await read({
      order,
      items: [
        { kind: "interface" },
        { kind: "interface" },
        { kind: "statistics", interface: 1, received: 10, dropped: 1 },
        { kind: "statistics", interface: 1, received: 5_000_000_000, dropped: 3, osDropped: 4 },
      ],
    });
    expect(reader.interfaceDrops).toEqual([{ interfaceId: 1, received: 5_000_000_000, dropped: 3, osDropped: 4 }]);
  });

  it("skips blocks it does not know", async () => {
    const { frames, damage } = await read({
      order,
      items: [
        { kind: "raw", type: 4, body: new Uint8Array(12) },
        { kind: "interface" },
        { kind: "raw", type: 0xbad, body: new Uint8Array(100) },
        { kind: "raw", type: 0x40000bad, body: new Uint8Array(4) },
        { kind: "enhanced", ...packets[0] },
        { kind: "raw", type: 10, body: new Uint8Array(70_000) },
        { kind: "enhanced", ...packets[1], options: [{ code: 1, bytes: new Uint8Array(9) }] },
      ],
    });
    expect(frames.map((frame) => frame.bytes)).toEqual([packets[0].bytes, packets[1].bytes]);
    expect(damage).toEqual([]);
  });

  it.each([
    ["an interface that is not described", { kind: "enhanced", interface: 3, ticks: 0n, bytes: packets[0].bytes }],
    ["a simple packet without interface", { kind: "simple", bytes: packets[0].bytes }],
    ["a packet block without room for a packet", { kind: "raw", type: 6, body: new Uint8Array(4) }],
    ["an interface description cut short", { kind: "raw", type: 1, body: new Uint8Array(4) }],
    ["statistics without interface", { kind: "statistics", interface: 9, dropped: 1 }],
  ] as [string, PcapngItem][])("reports and skips %s", async (_, item) => {
    const { frames, damage } = await read({
      order,
      items: [item, { kind: "interface" }, { kind: "enhanced", ...packets[0] }],
    });
    expect(damage.map(({ kind }) => kind)).toEqual(["bad-block"]);
    expect(frames.map(({ number }) => number)).toEqual([1]);
  });
});

it("reports a captured length that does not fit its block, and goes on", async () => {
  const file = writePcapng({ items: [{ kind: "interface" }, ...enhanced(0)] });
  new DataView(file.buffer).setUint32(28 + 20 + 20, 0xfffffff0, true);
  const { frames, damage } = await readCapture(memorySource(file));
  expect(frames).toHaveLength(9);
  expect(damage).toMatchObject([{ kind: "bad-block", offset: 48, frame: 0 }]);
});

describe("sections and interfaces", () => {
  it("numbers frames and interfaces over sections of different byte order", async () => {
    const { frames, reader } = await read(
      {
        order: "little",
        items: [{ kind: "interface", linkType: 1 }, { kind: "interface", linkType: 276 }, ...enhanced(1)],
      },
      { order: "big", items: [{ kind: "interface", linkType: 1, tsresol: 9 }, ...enhanced(0)] },
      { order: "little", items: [{ kind: "interface", linkType: 113 }, ...enhanced(0)] },
    );
    expect(frames.map((frame) => frame.number)).toEqual(Array.from({ length: 30 }, (_, index) => index + 1));
    expect([frames[0], frames[10], frames[20]].map((frame) => [frame.interfaceId, frame.linkType])).toEqual([
      [1, 276],
      [2, 1],
      [3, 113],
    ]);
    expect(frames[15]).toMatchObject({ seconds: packets[5].seconds, nanos: packets[5].nanos });
    expect(reader.linkTypes).toEqual([1, 276, 113]);
  });

  it("forgets the interfaces of a section at its end", async () => {
    const { frames, damage } = await read(
      { items: [{ kind: "interface" }, ...enhanced(0)] },
      { items: enhanced(0).slice(0, 1) },
    );
    expect(frames).toHaveLength(10);
    expect(damage).toMatchObject([{ kind: "bad-block", frame: 10 }]);
  });

  it("bounds the number of interfaces", async () => {
    const items: PcapngItem[] = Array.from({ length: 10 }, () => ({ kind: "interface" }));
    const section = writePcapng({ items });
    const many = concat(Array.from({ length: 6600 }, () => section));
    const { damage, reader } = await readCapture(memorySource(many));
    expect(damage).toHaveLength(256);
    expect(damage[0].message).toContain("more than 65536 interfaces");
    expect(damage.length + reader.damageOmitted).toBe(66_000 - 65_536);
  });
});

/** Offsets after each block, from the lengths in the file. */
function blockEnds(file: Uint8Array, order: ByteOrder): number[] {
  const view = new DataView(file.buffer);
  const ends: number[] = [];
  for (let at = 0; at < file.length; ) {
    at += view.getUint32(at + 4, order === "little");
    ends.push(at);
  }
  return ends;
}
