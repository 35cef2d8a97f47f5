import { expect, test } from "vitest";
import { type HeldReport, HeldReports } from "../../src/analysis/held-reports.ts";

function held() {
  const letGo: string[] = [];
  const reports = new HeldReports(({ report }) => letGo.push(report.message));
  const hold = (message: string, at: number) =>
    reports.hold({ report: { frames: [], message } } as unknown as HeldReport, at);
  return { reports, letGo, hold };
}

test("reports come out in order, ten seconds of capture time later", () => {
  const { reports, letGo, hold } = held();
  hold("a", 0);
  hold("b", 4e9);
  reports.release(9e9);
  expect(letGo).toEqual([]);
  reports.release(11e9);
  expect(letGo).toEqual(["a"]);
  reports.release(Number.POSITIVE_INFINITY);
  expect(letGo).toEqual(["a", "b"]);
});

test("too many are let go early, oldest first, and counted", () => {
  const { reports, letGo, hold } = held();
  for (let i = 0; i <= 4096; i++) hold(String(i), 0);
  expect(letGo.slice(0, 2)).toEqual(["0", "1"]);
  expect(letGo).toHaveLength(2048);
  expect(reports.limits()[0]).toMatchObject({ dropped: 2048 });
});
