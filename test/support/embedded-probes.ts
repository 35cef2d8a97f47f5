import type { Probe } from "../../src/probe/probe.ts";
import type { ProbeResult } from "../../src/probe/result.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import type { ProbeSettings } from "../../src/probe/settings.ts";
import { EmbeddedWorld, type EmbeddedWorldOptions } from "./embedded-server.ts";
import { probeSettings } from "./probe-fixture.ts";

/** Runs a probe against an embedded server of its own, in virtual time. */
export function probeEmbedded(
  probe: Probe,
  options: EmbeddedWorldOptions = {},
  changes: Partial<ProbeSettings> = {},
): Promise<ProbeResult> {
  const { timers, network } = new EmbeddedWorld(options);
  return timers.until(runProbe(probe, probeSettings(timers, network.connect, { exportPath: [], ...changes })));
}
