import { describe, expect, test } from "vitest";
import { restart } from "../../src/probe/recovery/restart.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import { faultsFor, noticing, probeEmbedded } from "../support/embedded-probes.ts";
import { EmbeddedWorld } from "../support/embedded-server.ts";
import { probeSettings } from "../support/probe-fixture.ts";

test.each([1, 2])("restart passes, minor version %d", async (minorVersion) => {
  const { verdict, reason } = await probeEmbedded(restart, {}, { minorVersion });
  expect(verdict, reason).toBe("pass");
});

test.each(faultsFor([restart]))("%s is noticed", async (fault) => {
  expect(await noticing([restart], fault)).toEqual([restart.id]);
});

describe("a server in other hands", () => {
  /** Runs the probe while `befall` comes after a minute. */
  function run(befall: (world: EmbeddedWorld) => void) {
    const world = new EmbeddedWorld();
    const { timers, network } = world;
    timers.after(60_000, () => befall(world));
    return timers.until(runProbe(restart, probeSettings(timers, network.connect, { exportPath: [] })));
  }

  test("is waited for until it restarts and takes connections", async () => {
    const result = await run(({ server, network, timers }) => {
      network.isDown = true;
      server.restart();
      timers.after(5000, () => {
        network.isDown = false;
      });
    });
    expect(result, result.reason).toMatchObject({ verdict: "pass" });
    expect(result.elapsedMillis).toBeGreaterThan(65_000 - 1);
  });

  test("may only have closed the connection", async () => {
    const result = await run(({ network }) => network.links[0]!.cut());
    expect(result).toMatchObject({ verdict: "inconclusive" });
    expect(result.reason).toContain("only the connection was lost");
  });

  test("is not waited for without end", async () => {
    const result = await run(() => {});
    expect(result).toMatchObject({ verdict: "skipped", reason: "nobody restarted the server within 300000 ms" });
  });
});
