import { expect, test } from "vitest";
import { Progress } from "../../src/cli/progress.ts";
import { FakeTerminal } from "../support/fake-terminal.ts";

function bar(isTTY = true) {
  const { stderr } = new FakeTerminal();
  stderr.isTTY = isTTY;
  const clock = { now: 0 };
  return { stderr, clock, progress: new Progress(stderr, () => clock.now) };
}

test("draws at most ten times a second and clears up behind itself", () => {
  const { stderr, clock, progress } = bar();
  for (clock.now = 0; clock.now < 1000; clock.now++) progress.update(clock.now * 1e6, 1e9);
  const drawn = stderr.text.split("\r").length - 1;
  expect(drawn).toBeLessThanOrEqual(10);
  expect(drawn).toBeGreaterThan(5);
  expect(stderr.text).toContain("[##########..............] 40 % of 1000.0 MB");
  progress.end();
  expect(stderr.text.endsWith("\r\u001b[K")).toBe(true);
});

test("without a total it counts", () => {
  const { stderr, clock, progress } = bar();
  clock.now = 500;
  progress.update(12_345_678, null);
  expect(stderr.text).toContain("12.3 MB read");
});

test("never more than all", () => {
  const { stderr, clock, progress } = bar();
  clock.now = 500;
  progress.update(2e6, 1e6);
  expect(stderr.text).toContain("] 100 % of 1.0 MB");
});

test("silent when standard error is no terminal, or the run is short", () => {
  const piped = bar(false);
  piped.clock.now = 500;
  piped.progress.update(1, 2);
  piped.progress.end();
  expect(piped.stderr.text).toBe("");
  const short = bar();
  short.progress.update(1, 2);
  short.progress.end();
  expect(short.stderr.text).toBe("");
});
