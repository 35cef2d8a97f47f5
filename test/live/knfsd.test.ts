import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { expectGolden } from "../support/golden.ts";
import { BUILD_MILLIS_MAX, GUEST_ADDRESS, guestOrSkip, type LinuxGuest, startGuest } from "../support/linux-guest.ts";
import { resultTable, type VerdictLine } from "../support/live-probes.ts";

const PROGRAM = join(import.meta.dirname, "../../bin/slotshark.js");
const required = guestOrSkip();

describe.skipIf(required.skip)(`the Linux kernel's server under all probes (${required.reason})`, () => {
  let guest: LinuxGuest;

  beforeAll(async () => {
    guest = await startGuest();
    const up = await guest.run("LEASE=10 srv_up");
    expect(up).toEqual({ status: 0, output: "" });
  }, BUILD_MILLIS_MAX);

  afterAll(() => guest?.stop());

  test("the table of results", { timeout: 300_000 }, () => {
    const command = [process.execPath, PROGRAM, "probe", GUEST_ADDRESS, "--export", "/", "--minor", "1,2"];
    const printed = guest.runOnHost([...command, "--user", "0:0", "--format", "json", "--fail-on", "never"], {
      seconds: 280,
    });
    const document = JSON.parse(printed);
    const results: readonly (VerdictLine & { minorVersion: number; reason: string | null })[] = document.results;
    const columns = [1, 2].map((minor) => ({
      title: `4.${minor}`,
      results: results.filter(({ minorVersion }) => minorVersion === minor),
    }));
    expectGolden("live/golden/knfsd-6.1.txt", resultTable(columns));
    // What the others leave undecided or deviate in has to be said.
    const silent = results.filter(({ verdict, reason }) => verdict !== "pass" && !reason);
    expect(silent).toEqual([]);
  });
});
