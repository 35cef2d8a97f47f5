import { describe, expect, test } from "vitest";
import {
  enhancedPacketBlock,
  interfaceDescriptionBlock,
  OPTION_TEXT_BYTES_MAX,
  sectionHeaderBlock,
  type WritablePacket,
} from "../../src/capture/pcapng-writer.ts";
import { concat } from "../support/capture-writer.ts";
import { memorySource } from "../support/memory-source.ts";
import { readCapture } from "../support/read-capture.ts";
import { toolOrSkip } from "../support/require-tool.ts";
import { tsharkFields } from "../support/tshark-fields.ts";

const tshark = toolOrSkip("tshark");
const AT = 1_764_547_200_123_456_789n;

function written(packets: readonly WritablePacket[], comments: readonly string[] = []): Uint8Array {
  return concat([
    sectionHeaderBlock({ application: "slotshark 0", comments }),
    interfaceDescriptionBlock({ linkType: 101, name: "here" }),
    ...packets.map(enhancedPacketBlock),
  ]);
}

const ipv4 = (length: number) => Uint8Array.from({ length }, (_, i) => (i === 0 ? 0x45 : i & 0xff));
const PACKETS: readonly WritablePacket[] = [
  { bytes: ipv4(20), at: AT },
  { bytes: ipv4(21), at: AT + 1n, comments: ["one"] },
  { bytes: ipv4(22), at: AT + 2n, comments: ["two, with ünïcode ✓", "and another"], originalLength: 1500 },
  { bytes: ipv4(23), at: AT + 1_000_000_000_000n, comments: [""] },
];

describe("a written capture", () => {
  test("is read back by our own reader", async () => {
    const file = written(PACKETS, ["why"]);
    const { frames, damage, reader } = await readCapture(memorySource(file));
    expect(damage).toEqual([]);
    expect(reader).toMatchObject({ format: "pcapng", linkTypes: [101], bytesRead: file.length });
    const times = frames.map(({ seconds, nanos }) => BigInt(seconds) * 1_000_000_000n + BigInt(nanos));
    expect(times).toEqual(PACKETS.map(({ at }) => at));
    expect(frames.map(({ bytes }) => bytes)).toEqual(PACKETS.map(({ bytes }) => bytes));
    expect(frames.map(({ originalLength }) => originalLength)).toEqual([20, 21, 1500, 23]);
  });

  test("packets belong to their interface", async () => {
    const file = concat([
      sectionHeaderBlock({ application: "slotshark 0" }),
      interfaceDescriptionBlock({ linkType: 101 }),
      interfaceDescriptionBlock({ linkType: 1 }),
      ...[1, 0].map((interfaceNumber) => enhancedPacketBlock({ bytes: ipv4(20), at: AT, interfaceNumber })),
    ]);
    const { frames } = await readCapture(memorySource(file));
    expect(frames.map(({ linkType }) => linkType)).toEqual([1, 101]);
  });

  test("a comment that is too long is cut between two characters", async () => {
    const comment = `a${"é".repeat(40_000)}`;
    const block = enhancedPacketBlock({ bytes: ipv4(20), at: AT, comments: [comment] });
    const length = new DataView(block.buffer).getUint16(28 + 20 + 2, true);
    expect(length).toBe(OPTION_TEXT_BYTES_MAX);
    const even = enhancedPacketBlock({ bytes: ipv4(20), at: AT, comments: [comment.slice(1)] });
    expect(new DataView(even.buffer).getUint16(28 + 20 + 2, true)).toBe(OPTION_TEXT_BYTES_MAX - 1);
    const { frames, damage } = await readCapture(
      memorySource(written([{ bytes: ipv4(9), at: AT, comments: [comment] }])),
    );
    expect([frames.length, damage.length]).toEqual([1, 0]);
  });

  test.skipIf(tshark.skip)(`tshark reads times and comments${tshark.skip ? ` (${tshark.reason})` : ""}`, () => {
    const rows = tsharkFields(written(PACKETS, ["why"]), ["frame.number", "frame.time_epoch", "frame.comment"]);
    expect(rows).toEqual([
      ["1", "1764547200.123456789", ""],
      ["2", "1764547200.123456790", "one"],
      ["3", "1764547200.123456791", "two, with ünïcode ✓,and another"],
      ["4", "1764548200.123456789", ""],
    ]);
  });
});
