import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { frameFilter, slotFilter } from "../../src/report/wireshark-filter.ts";
import { finding, oneSession } from "../support/analysis-fixture.ts";
import { toolOrSkip } from "../support/require-tool.ts";

const { session } = oneSession();
const FORE = "nfs.session_id4 == 84:00:00:00:62:25:03:6b:6b:00:00:00:00:00:00:00 && nfs.slotid == 2";

test("frames are sorted, named once, and one needs no set", () => {
  expect(frameFilter([15, 14, 15])).toBe("frame.number in {14, 15}");
  expect(frameFilter([7])).toBe("frame.number == 7");
});

test("a slot is named by session and number", () => {
  expect(slotFilter(finding({ session, channel: "fore", slot: 2 }))).toBe(FORE);
  expect(slotFilter(finding({ session, channel: "back", slot: 2 }))).toBe(`${FORE} && nfs.cb`);
  expect(slotFilter(finding({ session, slot: null }))).toBeNull();
  expect(slotFilter(finding({ session: null, slot: 2 }))).toBeNull();
});

const tshark = toolOrSkip("tshark");

describe.skipIf(tshark.skip)(`tshark takes the filters (${tshark.reason})`, () => {
  const capture = join(import.meta.dirname, "../../fixtures/captures/pynfs-SEQ13.pcap");
  const shown = (filter: string) => {
    const { stdout } = spawnSync("tshark", ["-r", capture, "-Y", filter, "-T", "fields", "-e", "frame.number"]);
    return String(stdout).trim().split("\n").map(Number);
  };

  test("frames", () => {
    expect(shown(frameFilter([14, 15]))).toEqual([14, 15]);
    expect(shown(frameFilter([14]))).toEqual([14]);
  });

  test("slot: its calls and the replies that succeeded", () => {
    expect(shown(FORE)).toEqual([12, 13, 14, 16]);
  });
});
