import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { toolOrSkip } from "../support/require-tool.ts";
import { CAPINFOS, peer, slotshark } from "./contenders.ts";
import { writeMetadata } from "./inputs/metadata.ts";
import { RECORDED, TOLERANCE } from "./recorded-ratio.ts";
import { outcome, textOf } from "./report.ts";
import { bestRatio, interleaved } from "./rounds.ts";

const ROUNDS = 5;
const folder = mkdtempSync(join(tmpdir(), "slotshark-ratio-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Nothing here is an absolute time: only how slotshark compares with a program that merely walks over the frames.
const capinfos = toolOrSkip("capinfos");
test.skipIf(capinfos.skip)(
  `slotshark takes at most ${TOLERANCE} times the recorded ratio to capinfos`,
  { timeout: 120_000 },
  async () => {
    expect(capinfos.reason).toBe("");
    const capture = join(folder, "metadata.pcap");
    writeMetadata(capture, RECORDED.factor);
    const contenders = [slotshark(["analyze", capture]), peer(CAPINFOS, capture)];
    const results = await interleaved(contenders, ROUNDS, folder);
    const section = { name: "ratio", title: "metadata, short", bytes: statSync(capture).size, contenders, goals: [] };
    const ratio = bestRatio(results[0]!, results[1]!);
    console.log(
      `${textOf(outcome(section, results))}\n  best of ${ROUNDS} rounds ${ratio.toFixed(2)}, recorded ${RECORDED.ratio}`,
    );
    expect(results.map(({ failure }) => failure)).toEqual([null, null]);
    expect(ratio).toBeLessThan(TOLERANCE * RECORDED.ratio);
  },
);
