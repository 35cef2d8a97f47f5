import { describe, expect, test } from "vitest";
import type { Analysis } from "../../src/analysis/analysis.ts";
import { jsonReport } from "../../src/report/json.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { textReport } from "../../src/report/text.ts";
import { analyzeByName } from "../support/analyze-captures.ts";
import { expectGolden } from "../support/golden.ts";

/** A bit of everything: misuse, health, recovery, both servers, callbacks, cut frames, many captures of each packet. */
const CAPTURES = [
  "pynfs-SEQ13",
  "pynfs-SEQ8",
  "pynfs-SEQ10b",
  "pynfs-EID5f",
  "gn_mount_v41",
  "kn_deleg_recall_v41",
  "kn_lease_expiry_v41",
  "kn_midsession_v41",
  "kn_multi_if_v41",
  "kn_retransmit_head_v41",
  "kn_server_restart_v42",
  "kn_snap200_v42",
];

const text = (analysis: Analysis) => textReport(analysis, EVERYTHING, { width: 100, isColored: false });
const json = (analysis: Analysis) => [...jsonReport(analysis, EVERYTHING)].join("");

describe("reports of whole captures", () => {
  test.each(CAPTURES)("%s", async (name) => {
    const analysis = await analyzeByName(name);
    expectGolden(`captures/golden/${name}.txt`, text(analysis));
    expectGolden(`captures/golden/${name}.json`, json(analysis));
  });

  test.each(CAPTURES)("%s: the same bytes twice", async (name) => {
    const [first, second] = [await analyzeByName(name), await analyzeByName(name)];
    expect(json(second)).toBe(json(first));
    expect(text(second)).toBe(text(first));
  });

  test("text and JSON count alike", async () => {
    const analysis = await analyzeByName("pynfs-SEQ13");
    const { summary } = JSON.parse(json(analysis));
    expect(summary).toMatchObject({ errors: 2, warnings: 0 });
    expect(text(analysis)).toMatch(/^2 errors /);
  });
});
