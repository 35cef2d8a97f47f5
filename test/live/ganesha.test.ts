import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ProbeResult } from "../../src/probe/result.ts";
import { connect } from "../../src/sys/sockets.ts";
import { type Ganesha, ganeshaOrSkip, startGanesha } from "../support/ganesha.ts";
import { expectGolden } from "../support/golden.ts";
import { probeLive, resultTable } from "../support/live-probes.ts";

const required = ganeshaOrSkip();

const RUNS = [
  { title: "MEM 4.1", exportPath: "/mem", minorVersion: 1 },
  { title: "VFS 4.1", exportPath: "/vfs", minorVersion: 1 },
  { title: "VFS 4.2", exportPath: "/vfs", minorVersion: 2 },
];

/** What nfs-ganesha 4.3 is known to do, and what shows it. */
const KNOWN: readonly (readonly [string, RegExp])[] = [
  ["first-zero", /RETRY_UNCACHED_REP/],
  ["false-retry-user", /SEQUENCE OK/],
  ["rep-too-big-cache", /REP_TOO_BIG_TO_CACHE.*the slot stands where it should/],
  ["req-too-big", /WRITE OK/],
];

describe.skipIf(required.skip)(`nfs-ganesha 4.3 under all probes (${required.reason})`, () => {
  let ganesha: Ganesha;
  const columns: { title: string; results: ProbeResult[] }[] = [];

  beforeAll(async () => {
    ganesha = await startGanesha();
  });

  afterAll(() => ganesha?.stop());

  test.each(RUNS)("$title", { timeout: 180_000 }, async ({ title, exportPath, minorVersion }) => {
    const results = await probeLive(() => connect({ host: "127.0.0.1", port: ganesha.port }), exportPath, minorVersion);
    columns.push({ title, results });
    for (const [id, shown] of KNOWN) {
      const result = results.find(({ probe }) => probe.id === id);
      expect(result?.verdict, id).toBe("deviates");
      expect(result?.reason, id).toMatch(shown);
    }
    const unexplained = results.filter(({ verdict, reason }) => verdict !== "pass" && reason === "");
    expect(unexplained.map(({ probe }) => probe.id)).toEqual([]);
  });

  test("the table of results", () => {
    const lines = columns.map(({ title, results }) => ({
      title,
      results: results.map(({ probe, verdict }) => ({ probe: probe.id, verdict })),
    }));
    expectGolden("live/golden/ganesha-4.3.txt", resultTable(lines));
  });
});
