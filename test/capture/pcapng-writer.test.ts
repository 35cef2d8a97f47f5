import { describe, expect, test } from "vitest";
import { CAPLEN_MAX } from "../../src/capture/limits.ts";
import { type PacketRecord, PcapngWriter } from "../../src/capture/pcapng-writer.ts";
import { concat } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { readCapture } from "../support/read-capture.ts";
import { toolOrSkip } from "../support/require-tool.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const RAW = 101;
const START = 1_700_000_000_123_456_789n;

function written(packets: readonly PacketRecord[], comment?: string): Uint8Array {
  const pieces: Uint8Array[] = [];
  const described = { application: "slotshark test", linkType: RAW, ...(comment === undefined ? {} : { comment }) };
  const writer = new PcapngWriter({ write: (bytes) => void pieces.push(bytes) }, described);
  for (const packet of packets) writer.packet(packet);
  return concat(pieces);
}

/** Of every length modulo four, with and without comments. */
const PACKETS: readonly PacketRecord[] = [
  { at: START, bytes: Uint8Array.of(0x45) },
  { at: START + 1n, bytes: Uint8Array.of(0x45, 2), comments: ["one"] },
  { at: START + 1_000_000_000n, bytes: Uint8Array.of(0x45, 2, 3), comments: ["first of two", "second: Grüße 🙂"] },
  { at: START + 1_000_000_001n, bytes: Uint8Array.of(0x45, 2, 3, 4), originalLength: 9000 },
  { at: 0xffff_ffff_0000_0000n, bytes: new Uint8Array(CAPLEN_MAX).fill(0x45) },
];

describe("what is written is read back", () => {
  test("packets, lengths and times", async () => {
    const { frames, damage, reader } = await readCapture(memorySource(written(PACKETS, "a section")));
    expect(damage).toEqual([]);
    expect(reader.linkTypes).toEqual([RAW]);
    expect(frames.map(({ seconds, nanos }) => BigInt(seconds) * 1_000_000_000n + BigInt(nanos))).toEqual(
      PACKETS.map(({ at }) => at),
    );
    expect(frames.map(({ originalLength }) => originalLength)).toEqual([1, 2, 3, 9000, CAPLEN_MAX]);
    expect(frames.map(({ bytes }) => Buffer.from(bytes))).toEqual(PACKETS.map(({ bytes }) => Buffer.from(bytes)));
  });

  test("no packet at all", async () => {
    const { frames, damage } = await readCapture(memorySource(written([])));
    expect([frames, damage]).toEqual([[], []]);
  });

  test("a comment that is too long for its option is cut between characters", async () => {
    const bytes = written([{ at: START, bytes: Uint8Array.of(1), comments: ["ä".repeat(40_000)] }]);
    const { frames, damage } = await readCapture(memorySource(bytes));
    expect([frames.length, damage]).toEqual([1, []]);
    expect(Buffer.from(bytes).lastIndexOf("ä") % 2).toBe(Buffer.from(bytes).indexOf("ä") % 2);
  });

  test("bytes as the format says", () => {
    const bytes = Buffer.from(written([{ at: 0x1_0000_0002n, bytes: Uint8Array.of(0xaa), comments: ["hi"] }]));
    expect(bytes.toString("hex")).toBe(
      [
        // Section header: unknown length, shb_userappl.
        "0a0d0d0a34000000",
        "4d3c2b1a01000000ffffffffffffffff",
        `04000e00${Buffer.from("slotshark test").toString("hex")}0000`,
        "00000000",
        "34000000",
        // Interface: raw IP, nanoseconds.
        "0100000020000000",
        "6500000000000000",
        "0900010009000000",
        "00000000",
        "20000000",
        // Enhanced packet.
        "0600000030000000",
        "000000000100000002000000",
        "0100000001000000aa000000",
        "0100020068690000",
        "00000000",
        "30000000",
      ].join(""),
    );
  });

  test("a packet that no reader would take is a fault of ours", () => {
    expect(() => written([{ at: START, bytes: new Uint8Array(CAPLEN_MAX + 1) }])).toThrow(/262145 bytes/);
    expect(() => written([{ at: START, bytes: new Uint8Array(2), originalLength: 1 }])).toThrow();
  });
});

const tshark = toolOrSkip("tshark");

test.skipIf(tshark.skip)(`tshark reads the same (${tshark.reason})`, () => {
  const fields = ["frame.number", "frame.time_epoch", "frame.cap_len", "frame.len", "frame.comment"];
  expect(tsharkFields(written(PACKETS.slice(0, 4), "a section"), fields)).toEqual([
    ["1", "1700000000.123456789", "1", "1", ""],
    ["2", "1700000000.123456790", "2", "2", "one"],
    ["3", "1700000001.123456789", "3", "3", "first of two,second: Grüße 🙂"],
    ["4", "1700000001.123456790", "4", "9000", ""],
  ]);
});
