import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { openCapture } from "../../src/capture/detect.ts";
import { mergeFrames } from "../../src/capture/merge.ts";
import { openSource } from "../../src/sys/files.ts";
import { captureFiles, FIXTURE_CAPTURES, SHARED_CAPTURES } from "../support/capture-files.ts";
import { readFrames } from "../support/read-capture.ts";
import { pathOrSkip, toolOrSkip } from "../support/require-tool.ts";

const shared = pathOrSkip(SHARED_CAPTURES);
const tshark = toolOrSkip("tshark");
const small = [...captureFiles(FIXTURE_CAPTURES), ...captureFiles(SHARED_CAPTURES)].filter(
  (path) => !/big_|\/pynfs\//.test(path),
);

async function framesOf(path: string) {
  const opened = await openCapture(await openSource(path));
  const frames = await readFrames(opened.reader);
  await opened.close();
  return { frames, opened };
}

/** Packet counts as the README of the shared captures gives them. */
function describedCounts(): [string, number][] {
  if (shared.skip) return [];
  const readme = readFileSync(`${SHARED_CAPTURES}/README.md`, "utf8");
  return [...readme.matchAll(/^- `([^`]+\.pcap[^`]*)` \d+ bytes, (\d+) packets/gm)].map((match) => [
    match[1],
    Number(match[2]),
  ]);
}

describe.skipIf(shared.skip)(`real captures${shared.skip ? ` (${shared.reason})` : ""}`, () => {
  it("have as many packets as their README says, and no damage", async () => {
    const counts = describedCounts();
    expect(counts.length).toBeGreaterThan(20);
    for (const [name, count] of counts) {
      const { frames, opened } = await framesOf(`${SHARED_CAPTURES}/${name}`);
      expect([name, frames.length, opened.reader.damage]).toEqual([name, count, []]);
    }
  });

  it("read the large one", async () => {
    const { opened, frames } = await framesOf(`${SHARED_CAPTURES}/big_meta_v42.pcap.zst`);
    expect(opened.compression).toBe("zstd");
    expect(frames).toHaveLength(190_632);
  });

  it("know the interfaces of a pcapng and what dumpcap dropped", async () => {
    const { opened, frames } = await framesOf(`${SHARED_CAPTURES}/kn_multi_if_v41.pcapng`);
    expect(new Set(frames.map((frame) => frame.interfaceId))).toEqual(new Set([0, 1, 2]));
    expect(opened.reader.interfaceDrops.map((drops) => drops.interfaceId)).toEqual([0, 1, 2]);
  });

  it("join a rotated set, in whatever order it is given", async () => {
    const parts = ["kn_rotC_v42.pcap", "kn_rotC_v42.pcap1"].map((name) => `${SHARED_CAPTURES}/rotated/${name}`);
    for (const paths of [parts, [...parts].reverse()]) {
      const opened = await Promise.all(paths.map(async (path) => openCapture(await openSource(path))));
      const names: string[] = [];
      await mergeFrames(opened, (frame) => names.push(opened[frame.capture].name));
      expect(names).toEqual([...Array(929).fill(parts[0]), ...Array(974).fill(parts[1])]);
      await Promise.all(opened.map((capture) => capture.close()));
    }
  });
});

it.skipIf(tshark.skip || small.length === 0)(
  `frames, times and lengths are those of tshark${tshark.skip ? ` (${tshark.reason})` : ""}`,
  async () => {
    for (const path of small) {
      const fields = ["frame.number", "frame.time_epoch", "frame.cap_len", "frame.len"];
      const args = ["-r", path, "-T", "fields", ...fields.flatMap((field) => ["-e", field])];
      // Only frames are compared: without what is above them tshark is quick.
      const layers = ["eth", "sll", "sll2"].flatMap((name) => ["--disable-protocol", name]);
      const { stdout, status, stderr } = spawnSync("tshark", [...layers, ...args], {
        encoding: "utf8",
        maxBuffer: 1 << 28,
      });
      expect(status, stderr).toBe(0);
      const { frames } = await framesOf(path);
      const ours = frames.map((frame) =>
        [
          frame.number,
          `${frame.seconds}.${String(frame.nanos).padStart(9, "0")}`,
          frame.bytes.length,
          frame.originalLength,
        ].join("\t"),
      );
      const theirs = stdout.trimEnd().split("\n");
      expect(ours.length, path).toBe(theirs.length);
      expect(
        ours.find((line, index) => line !== theirs[index]),
        path,
      ).toBeUndefined();
    }
  },
  180_000,
);
