import { describe, expect, it } from "vitest";
import { blankFrame } from "../../src/capture/blank-frame.ts";
import { parseInterface, readStatistics } from "../../src/capture/pcapng-interface.ts";

const hex = (text: string) => Uint8Array.from(Buffer.from(text.replaceAll(" ", ""), "hex"));

function timeOf(block: Uint8Array, isLittleEndian: boolean): [number, number] {
  const frame = blankFrame();
  parseInterface(block, 0, block.length, isLittleEndian, 0).clock.apply(frame, 0, 5_000_001);
  return [frame.seconds, frame.nanos];
}

describe("parseInterface", () => {
  it("takes microseconds, no offset and no FCS when nothing is said", () => {
    const block = hex("01000000 14000000 7100 0000 60000000 14000000");
    expect(parseInterface(block, 0, block.length, true, 7)).toMatchObject({
      id: 7,
      linkType: 113,
      snaplen: 96,
      fcsLength: 0,
    });
    expect(timeOf(block, true)).toEqual([5, 1000]);
  });

  it("takes resolution, FCS length and offset from the options", () => {
    const block = hex(
      "00000001 00000034 0001 0000 00000000 0009 0001 03000000 000d 0001 04000000 000e 0008 ffffffffffffffff 0000 0000 00000034",
    );
    expect(parseInterface(block, 0, block.length, false, 0)).toMatchObject({ linkType: 1, snaplen: 0, fcsLength: 4 });
    expect(timeOf(block, false)).toEqual([4999, 1_000_000]);
  });

  it("ignores options of a wrong size", () => {
    const block = hex("01000000 20000000 0100 0000 00000000 0900 0200 03030000 0000 0000 20000000");
    expect(timeOf(block, true)).toEqual([5, 1000]);
  });
});

describe("readStatistics", () => {
  it("keeps what it knows where a block says nothing", () => {
    const into = { interfaceId: 0, received: 5, dropped: 6, osDropped: null };
    const block = hex(
      "05000000 30000000 00000000 00000000 00000000 0500 0800 0900000000000000 0700 0400 01000000 0000 0000 30000000",
    );
    readStatistics(block, 0, block.length, true, into);
    expect(into).toEqual({ interfaceId: 0, received: 5, dropped: 9, osDropped: null });
  });
});
