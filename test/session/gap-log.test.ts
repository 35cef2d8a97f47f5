import { describe, expect, test } from "vitest";
import { GapLog, GapLogs } from "../../src/session/gap-log.ts";

describe("GapLog", () => {
  test.each([
    [0, 9, false],
    [0, 10, true],
    [15, 16, true],
    [20, 30, true],
    [21, 29, false],
    [25, 99, true],
  ])("from 10 to 20 and from 30 to 40: between %d and %d %s", (from, to, expected) => {
    const log = new GapLog();
    log.add(10, 20);
    log.add(30, 40);
    expect(log.hasBetween(from, to)).toBe(expected);
  });

  test("beyond its limit the last gap grows, so that none is forgotten", () => {
    const log = new GapLog();
    for (let at = 0; at < 1000; at++) log.add(at * 10, at * 10 + 1);
    expect(log.hasBetween(9991, 9992)).toBe(true);
    expect(log.hasBetween(5, 6)).toBe(false);
  });
});

describe("GapLogs", () => {
  test("one for each pair of addresses", () => {
    const logs = new GapLogs();
    expect(logs.of("10.0.0.2", "10.0.0.1:2049")).toBe(logs.of("10.0.0.2", "10.0.0.1:2049"));
    expect(logs.of("10.0.0.3", "10.0.0.1:2049")).not.toBe(logs.of("10.0.0.2", "10.0.0.1:2049"));
  });

  test("pairs beyond the limit share one", () => {
    const logs = new GapLogs();
    for (let i = 0; i < 4096; i++) logs.of(`client ${i}`, "server");
    expect(logs.of("one more", "server")).toBe(logs.of("another", "server"));
  });
});
