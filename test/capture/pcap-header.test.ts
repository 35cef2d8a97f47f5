import { describe, expect, it } from "vitest";
import { parsePcapHeader } from "../../src/capture/pcap-header.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));
const REST_LITTLE = "0200 0400 00000000 00000000 00000400 01000000";
const REST_BIG = "0002 0004 00000000 00000000 00040000 00000001";
const common = { snaplen: 262_144, linkType: 1, fcsLength: 0, captureLengthMax: 262_144 };

describe("parsePcapHeader", () => {
  it.each([
    [`d4c3b2a1 ${REST_LITTLE}`, { isLittleEndian: true, nanosPerUnit: 1000, recordHeaderBytes: 16 }],
    [`a1b2c3d4 ${REST_BIG}`, { isLittleEndian: false, nanosPerUnit: 1000, recordHeaderBytes: 16 }],
    [`4d3cb2a1 ${REST_LITTLE}`, { isLittleEndian: true, nanosPerUnit: 1, recordHeaderBytes: 16 }],
    [`a1b23c4d ${REST_BIG}`, { isLittleEndian: false, nanosPerUnit: 1, recordHeaderBytes: 16 }],
    [`34cdb2a1 ${REST_LITTLE}`, { isLittleEndian: true, nanosPerUnit: 1000, recordHeaderBytes: 24 }],
  ])("of %s", (text, expected) => {
    expect(parsePcapHeader(hex(text), 0)).toEqual({ ...common, ...expected });
  });

  it("knows no other magic", () => {
    expect(parsePcapHeader(hex(`d4c3b2a2 ${REST_LITTLE}`), 0)).toBeNull();
  });

  it.each([
    ["00000000", 262_144],
    ["60000000", 262_144],
    ["00001000", 1_048_576],
    ["00000001", 16_777_216],
    ["01000001", 262_144],
    ["ffffffff", 262_144],
  ])("a snap length field of %s lets %i bytes through", (field, bytes) => {
    const header = parsePcapHeader(hex(`d4c3b2a1 0200 0400 00000000 00000000 ${field} 01000000`), 0);
    expect(header?.captureLengthMax).toBe(bytes);
  });
});
