import { describe, expect, test } from "vitest";
import { NFS4ERR_SERVERFAULT } from "../../src/nfs4/constants.ts";
import { probeFamilies } from "../../src/probe/index.ts";
import type { ProbeFamily, Verdict } from "../../src/probe/probe.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import { faults } from "../../src/server/faults/index.ts";
import { probeEmbedded } from "./embedded-probes.ts";
import { EmbeddedWorld } from "./embedded-server.ts";
import { misquoting } from "./misquoting-network.ts";
import { probeSettings } from "./probe-fixture.ts";

/** What a family's probes have to show. */
export interface FamilyExpectations {
  /** Verdicts on the healthy server that are not "pass". */
  readonly verdicts?: Readonly<Record<string, Verdict>>;
  /** Probes, and a status (or another number) of the server's that they must not take for any other. */
  readonly notices: readonly (readonly [id: string, number: number, instead?: number])[];
}

/** Tests a family against the embedded server: as it is, with its faults, and misquoted. */
export function testProbeFamily(family: ProbeFamily, { verdicts = {}, notices }: FamilyExpectations): void {
  const probes = probeFamilies.get(family)!;
  const ids = new Set(probes.map(({ id }) => id));

  describe.each([1, 2])(`probes of ${family} against a healthy server, minor version %i`, (minorVersion) => {
    test.each(probes)("$id", async (probe) => {
      const { verdict, reason, steps } = await probeEmbedded(probe, {}, { minorVersion });
      expect({ verdict, reason: verdict === "pass" ? reason : "" }).toEqual({
        verdict: verdicts[probe.id] ?? "pass",
        reason: "",
      });
      const trouble = steps.flatMap((step) =>
        step.kind === "note" && /^(cleaning up|left)/.test(step.text) ? step : [],
      );
      expect(trouble).toEqual([]);
    });
  });

  const noticed = faults.filter((fault) => fault.probes.some((id) => ids.has(id)));
  test.each(noticed)(`probes of ${family} notice the fault $id`, async (fault) => {
    const deviating: string[] = [];
    for (const probe of probes) {
      if ((await probeEmbedded(probe, { faults: [fault.id] })).verdict === "deviates") deviating.push(probe.id);
    }
    expect(deviating.sort()).toEqual(fault.probes.filter((id) => ids.has(id)).sort());
  });

  const misquotes = notices.map(([id, number, instead = NFS4ERR_SERVERFAULT]) => ({ id, number, instead }));
  test.each(misquotes)("$id notices another answer than $number", async ({ id, number, instead }) => {
    const probe = probes.find((each) => each.id === id)!;
    const { timers, network } = new EmbeddedWorld();
    const connect = misquoting(network.connect, number, instead);
    const result = await timers.until(runProbe(probe, probeSettings(timers, connect, { exportPath: [] })));
    expect(result.verdict, result.reason).toBe("deviates");
  });
}
