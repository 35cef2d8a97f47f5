import { expect, test } from "vitest";
import { ndjsonReport } from "../../src/report/ndjson.ts";
import { EVERYTHING } from "../../src/report/select-findings.ts";
import { analysisWithGap, emptyAnalysis, sighting } from "../support/analysis-fixture.ts";

function lines(analysis = analysisWithGap()) {
  const text = [...ndjsonReport(analysis, EVERYTHING)].join("");
  expect(text.endsWith("\n")).toBe(true);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

test("every occurrence has its own line with its own frames", () => {
  const samples = [[sighting(16), sighting(17)]];
  const [first, second, summary] = lines(analysisWithGap({ occurrences: 2, samples, lastAt: sighting(17).at }));
  expect(first).toMatchObject({ type: "finding", rule: "seq-gap", occurrence: 1, frames: [14, 15] });
  expect(second).toMatchObject({ type: "finding", rule: "seq-gap", occurrence: 2, frames: [16, 17], id: first.id });
  expect(second.time).toBe("1714034809.001700000");
  expect(summary).toMatchObject({ type: "summary", summary: { errors: 1, warnings: 0, notes: 0 } });
});

test("without findings there is still a summary", () => {
  expect(lines(emptyAnalysis())).toMatchObject([
    { type: "summary", schema: "slotshark/analysis/1", interrupted: false },
  ]);
});
