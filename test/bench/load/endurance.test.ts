import { expect, test } from "vitest";
import { cellsOf, rowOf } from "./comparison.ts";
import type { JobFigures } from "./driver.ts";
import { enduranceText } from "./endurance.ts";
import { loadOptions } from "./options.ts";

const figures = (servers: readonly number[], operations = 1000): JobFigures => ({
  operations,
  seconds: 2,
  p50Millis: 1,
  p99Millis: 3,
  failure: null,
  serverCpuSeconds: 0.5,
  driverCpuSeconds: 1,
  serverPeak: 90_000,
  driverPeak: 80_000,
  growth: servers.map((server, index) => ({ operations: (index + 1) * 100, server: server * 1000, driver: 70_000 })),
});

test.each([
  ["a sawtooth", [80, 120, 85, 110, 82, 118], "does not grow"],
  ["a ramp", [80, 100, 120, 140, 160, 180], "grows: 60 MB"],
])("%s", (_, servers, said) => {
  const lines = enduranceText("slotshark", "getattr", figures(servers)).split("\n");
  expect(lines).toHaveLength(servers.length + 2);
  expect(lines[0]).toBe("slotshark, getattr: 1000 operations, 500 a second");
  expect(lines[1]).toBe("      100 operations: server 80 MB, driver 70 MB");
  expect(lines.at(-1)).toBe(`memory of the server ${said}`);
});

test("a row has the medians of its rounds, and the ratio to the last server", () => {
  const rows = [
    rowOf("read", "slotshark", [figures([], 100), figures([], 3000), figures([], 400)]),
    rowOf("read", "ganesha MEM", [figures([], 400)]),
  ];
  expect(cellsOf(rows)[0]).toEqual([
    ...["READ 256 KiB", "slotshark", "200", "52", "1.00", "1.0 ms", "3.0 ms"],
    ...["1250 µs", "2500 µs", "90 MB", "80 MB"],
  ]);
});

test("options", () => {
  expect(loadOptions([])).toMatchObject({ seconds: 5, rounds: 3, operations: null, linuxMinutes: null });
  expect(loadOptions(["--operations", "1000000"])).toMatchObject({ operations: 1_000_000, works: ["getattr"] });
  expect(loadOptions(["--help"])).toBeNull();
  expect(() => loadOptions(["--works", "mount"])).toThrow("no work mount");
  expect(() => loadOptions(["--seconds", "soon"])).toThrow("--seconds");
});
