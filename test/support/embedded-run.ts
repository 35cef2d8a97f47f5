import { CaptureTap } from "../../src/probe/capture-tap.ts";
import type { Probe } from "../../src/probe/probe.ts";
import type { ProbeResult } from "../../src/probe/result.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import { leversOf } from "./embedded-probes.ts";
import { EmbeddedWorld } from "./embedded-server.ts";
import { probeSettings } from "./probe-fixture.ts";

const LATENCY_MILLIS = 1;

/** Probes one after the other against an embedded server with faults, and their traffic as a capture. */
export async function embeddedRun(
  probes: readonly Probe[],
  faults: readonly string[],
  minorVersion = 1,
): Promise<{ results: ProbeResult[]; capture: Uint8Array; log: readonly string[] }> {
  const { timers, network, server, log } = new EmbeddedWorld({ faults, link: { latencyMillis: () => LATENCY_MILLIS } });
  const pieces: Uint8Array[] = [];
  const tap = new CaptureTap({ write: (bytes) => void pieces.push(bytes) }, "test", "probes");
  const own = { exportPath: [], ownServer: leversOf(server), tap, minorVersion };
  const settings = probeSettings(timers, network.connect, own);
  const results: ProbeResult[] = [];
  for (const probe of probes) results.push(await timers.until(runProbe(probe, settings)));
  return { results, capture: Buffer.concat(pieces), log };
}
