import { describe, expect, test } from "vitest";
import { runProbe } from "../../src/probe/run-probes.ts";
import { stateProbes } from "../../src/probe/state/index.ts";
import type { Hooks } from "../../src/server/hooks.ts";
import { Nfs4Server } from "../../src/server/server.ts";
import { faultsFor, noticing, probeEmbedded } from "../support/embedded-probes.ts";
import { MemoryNetwork } from "../support/memory-network.ts";
import { probeSettings } from "../support/probe-fixture.ts";
import { seededBytes } from "../support/requester-fixture.ts";
import { VirtualTimers } from "../support/virtual-timers.ts";

const named = (id: string) => stateProbes.find((probe) => probe.id === id)!;

describe.each([1, 2])("probes of state, minor version %d", (minorVersion) => {
  test.each(stateProbes)("$id", async (probe) => {
    const { verdict, reason } = await probeEmbedded(probe, {}, { minorVersion });
    expect(verdict, reason).toBe("pass");
  });
});

test.each(faultsFor(stateProbes))("%s is noticed by %j and no others", async (fault, mustNotice) => {
  expect(await noticing(stateProbes, fault)).toEqual(mustNotice);
});

test.each(["lease-expiry", "lease-kept-by-error"])(
  "%s is given the time that the lease takes, and no more",
  async (id) => {
    const patient = await probeEmbedded(named(id), { server: { leaseSeconds: 120 } }, { probeMillisMax: 1000 });
    expect(patient).toMatchObject({ verdict: "pass" });
    expect(patient.elapsedMillis).toBeGreaterThan(120_000);
    const skipped = await probeEmbedded(named(id), { server: { leaseSeconds: 3600 } });
    expect(skipped).toMatchObject({ verdict: "skipped", reason: "a lease of 3600 seconds is too long to wait for" });
  },
);

describe("lease-kept-by-error", () => {
  /** Runs it against a server with hooks of the test's own. */
  function against(hooks: (timers: VirtualTimers) => Hooks) {
    const timers = new VirtualTimers();
    const server = new Nfs4Server({ timers, random: seededBytes(1), hooks: hooks(timers) });
    const network = new MemoryNetwork(timers, (channel) => server.accept(channel));
    const settings = probeSettings(timers, network.connect, { exportPath: [] });
    return timers.until(runProbe(named("lease-kept-by-error"), settings));
  }

  test("notices that an error renews the lease", async () => {
    const result = await against((timers) => ({
      refused: ({ session }) => session.client.lease.renew(timers.nowNanos()),
    }));
    expect(result).toMatchObject({ verdict: "deviates" });
    expect(result.reason).toContain("the lease of a client that only made errors runs out like that of a silent one");
  });

  test("permits a server that never ends a lease", async () => {
    const result = await against(() => ({ created: (made, _args) => made, sequenced: neverEnding }));
    expect(result).toMatchObject({ verdict: "pass-alternative" });
  });

  const neverEnding: NonNullable<Hooks["sequenced"]> = (result, { client }) => {
    client.lease.hold();
    return result;
  };
});
