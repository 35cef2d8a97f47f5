import type { Probe } from "../../src/probe/probe.ts";
import type { ProbeResult } from "../../src/probe/result.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import type { OwnServer, ProbeSettings } from "../../src/probe/settings.ts";
import { faults } from "../../src/server/faults/index.ts";
import type { Nfs4Server } from "../../src/server/server.ts";
import { EmbeddedWorld, type EmbeddedWorldOptions } from "./embedded-server.ts";
import { probeSettings } from "./probe-fixture.ts";

/** Runs a probe against an embedded server of its own, in virtual time. */
export function probeEmbedded(
  probe: Probe,
  options: EmbeddedWorldOptions = {},
  changes: Partial<ProbeSettings> = {},
): Promise<ProbeResult> {
  const { timers, network, server } = new EmbeddedWorld(options);
  const settings = { exportPath: [], ownServer: leversOf(server), ...changes };
  return timers.until(runProbe(probe, probeSettings(timers, network.connect, settings)));
}

/** Which of these find that a server with a fault deviates, by id; each has a server of its own. */
export async function noticing(probes: readonly Probe[], fault: string): Promise<string[]> {
  const noticed: string[] = [];
  for (const probe of probes) {
    const { verdict } = await probeEmbedded(probe, { faults: [fault] });
    if (verdict === "deviates") noticed.push(probe.id);
  }
  return noticed.sort();
}

/** Faults that some of these must notice, and which of them. */
export function faultsFor(probes: readonly Probe[]): [fault: string, mustNotice: string[]][] {
  const ids = new Set(probes.map(({ id }) => id));
  const all = faults.map(({ id, probes: noticed }): [string, string[]] => [
    id,
    noticed.filter((name) => ids.has(name)),
  ]);
  return all.filter(([, noticed]) => noticed.length > 0).map(([id, noticed]) => [id, noticed.sort()]);
}

/** What a test can do to the embedded server. */
export function leversOf(server: Nfs4Server): OwnServer {
  return {
    presetSlot(sessionId, slot, seq) {
      const request = { fingerprint: 0, principal: "", cachethis: false, highest: 0 };
      server.registry.find(sessionId)!.model.fore.restoreSlot(slot, seq, request, { kind: "uncached" });
    },
    restart: async () => server.restart(),
  };
}
