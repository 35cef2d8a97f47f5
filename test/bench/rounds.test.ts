import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { Contender } from "./contenders.ts";
import { bestRatio, interleaved, median, type Result } from "./rounds.ts";

const folder = mkdtempSync(join(tmpdir(), "slotshark-rounds-"));
afterAll(() => rmSync(folder, { recursive: true }));

const shell = (name: string, script: string): Contender => ({ name, command: "sh", args: ["-c", script] });

test("contenders take turns, and the first has a run that does not count", async () => {
  const contenders = [shell("a", "echo a >> log"), shell("b", "echo b >> log")];
  const results = await interleaved(contenders, 2, folder);
  expect(readFileSync(join(folder, "log"), "utf8").split("\n").join("")).toBe("aabab");
  expect(results.map(({ rounds }) => rounds.length)).toEqual([2, 2]);
});

test("who fails is left out from then on, and says why", async () => {
  const contenders = [shell("a", "true"), shell("b", "echo 'no such plugin' >&2; exit 3")];
  const [a, b] = await interleaved(contenders, 2, folder);
  expect(a).toMatchObject({ failure: null, rounds: [expect.anything(), expect.anything()] });
  expect(b).toMatchObject({ failure: expect.stringContaining("no such plugin"), rounds: [], millis: Number.NaN });
});

test("the best ratio is that of one round", () => {
  const result = (name: string, ...millis: number[]): Result => {
    const rounds = millis.map((each) => ({ millis: each, peakKilobytes: null }));
    return { name, rounds, millis: median(millis)!, peakKilobytes: null, failure: null };
  };
  expect(bestRatio(result("slotshark", 900, 600, 2000), result("capinfos", 300, 300, 400))).toBe(2);
});

test("medians", () => {
  expect([median([]), median([3]), median([1, 9, 5]), median([4, 1])]).toEqual([null, 3, 5, 2.5]);
});
