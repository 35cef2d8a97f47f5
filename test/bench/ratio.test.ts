import { mkdtempSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { toolOrSkip } from "../support/require-tool.ts";
import { CAPINFOS, peer, slotshark } from "./contenders.ts";
import { INPUTS } from "./inputs/index.ts";
import { RECORDED, TOLERANCE } from "./recorded-ratio.ts";
import { outcome, textOf } from "./report.ts";
import { bestRatio, interleaved } from "./rounds.ts";

const ROUNDS = 5;
const TIMEOUT = 600_000;
const folder = mkdtempSync(join(tmpdir(), "slotshark-ratio-"));
afterAll(() => rmSync(folder, { recursive: true }));

const capinfos = toolOrSkip("capinfos");
const recorded = new Map<string, number>(Object.entries(RECORDED.ratios));

// Nothing here is an absolute time: only how slotshark compares with a program that merely walks over the frames.
describe.skipIf(capinfos.skip)("the ratio to capinfos", () => {
  test.each(INPUTS.filter(({ name }) => recorded.has(name)))(
    `of $name is at most ${TOLERANCE} times the recorded one`,
    { timeout: TIMEOUT },
    async ({ name, title, write }) => {
      expect(capinfos.reason).toBe("");
      const capture = join(folder, `${name}.pcap`);
      write(capture, RECORDED.factor);
      const contenders = [slotshark(["analyze", capture]), peer(CAPINFOS, capture)];
      const results = await interleaved(contenders, ROUNDS, folder);
      expect(results.map(({ failure }) => failure)).toEqual([null, null]);
      const ratio = bestRatio(results[0]!, results[1]!);
      const limit = recorded.get(name)!;
      const section = { name, title, bytes: statSync(capture).size, contenders, goals: [] };
      console.log(`${textOf(outcome(section, results))}\n  best round: ${ratio.toFixed(2)}, recorded: ${limit}`);
      expect(ratio).toBeLessThan(TOLERANCE * limit);
    },
  );
});
