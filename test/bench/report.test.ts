import { expect, test } from "vitest";
import { atMostBeyond, atMostTimes, peakAtMost, speedAtLeast, timesFasterThan, verdict } from "./goals.ts";
import { jsonOf, markdownOf, outcome, textOf } from "./report.ts";
import { median, type Result } from "./rounds.ts";

const result = (name: string, peakKilobytes: number, ...millis: number[]): Result => ({
  name,
  rounds: millis.map((each) => ({ millis: each, peakKilobytes })),
  millis: median(millis)!,
  peakKilobytes,
  failure: null,
});
const RESULTS = [result("slotshark", 100_000, 900, 600, 2000), result("capinfos", 8000, 300, 300, 400)];

test.each([
  [atMostTimes(3, "capinfos"), 3, true],
  [atMostTimes(2, "capinfos"), 3, false],
  [timesFasterThan(0.3, "capinfos"), 1 / 3, true],
  [timesFasterThan(2, "tshark"), null, null],
  [peakAtMost(160), 100, true],
  [speedAtLeast(300, 90_000_000, "slotshark"), 100, false],
  [atMostBeyond(60, 1.5, "capinfos", "slotshark"), 450, false],
])("%o", (goal, figure, isMet) => {
  expect(verdict(goal, RESULTS)).toMatchObject({ figure, isMet });
});

const OUTCOME = outcome(
  { name: "some", title: "some capture", bytes: 90_000_000, contenders: [], goals: [atMostTimes(2, "capinfos")] },
  RESULTS,
);

test("a section as text", () => {
  expect(textOf(OUTCOME)).toBe(
    [
      "some capture: 90 MB",
      "  slotshark    0.900 s   100 MB/s   100 MB peak",
      "  capinfos     0.300 s   300 MB/s     8 MB peak   slotshark takes 3.0 x its time",
      "  goal: slotshark at most 2 x capinfos: 3.00, missed",
    ].join("\n"),
  );
});

test("a section as JSON", () => {
  expect(jsonOf([OUTCOME]).sections).toEqual([
    {
      name: "some",
      title: "some capture",
      bytes: 90_000_000,
      results: [
        expect.objectContaining({ name: "slotshark", millis: 900, bytesPerSecond: 100_000_000 }),
        expect.objectContaining({ name: "capinfos", millis: 300, bytesPerSecond: 300_000_000 }),
      ],
      goals: [{ text: "slotshark at most 2 x capinfos", figure: 3, limit: 2, isMet: false }],
    },
  ]);
});

test("a section as rows", () => {
  const rows = markdownOf([OUTCOME]).split("\n");
  expect(rows[0]).toMatch(/^### \d{4}-\d\d-\d\d, \d+ x .*Node/);
  expect(rows.slice(1)).toEqual([
    "",
    "| capture      | program   | median  | ratio | speed    | peak memory |",
    "| ------------ | --------- | ------- | ----- | -------- | ----------- |",
    "| some capture | slotshark | 0.900 s | 1.00  | 100 MB/s | 100 MB      |",
    "| some capture | capinfos  | 0.300 s | 0.33  | 300 MB/s | 8 MB        |",
    "",
    "| capture      | goal                           | measured     |",
    "| ------------ | ------------------------------ | ------------ |",
    "| some capture | slotshark at most 2 x capinfos | 3.00, missed |",
  ]);
});
