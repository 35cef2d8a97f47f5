import type { Probe } from "../../src/probe/probe.ts";
import { runProbe } from "../../src/probe/run-probes.ts";
import { PROBE_LIMITS, type ProbeSettings } from "../../src/probe/settings.ts";
import type { ByteChannel } from "../../src/sys/byte-channel.ts";
import type { Timers } from "../../src/sys/timers.ts";
import { FakeNfsServer } from "./fake-nfs-server.ts";
import { MemoryNetwork } from "./memory-network.ts";
import { seededBytes } from "./requester-fixture.ts";
import { VirtualTimers } from "./virtual-timers.ts";

/** Settings of probes against a server that a test reaches through `connect`. */
export function probeSettings(
  timers: Timers,
  connect: () => Promise<ByteChannel>,
  changes: Partial<ProbeSettings> = {},
): ProbeSettings {
  return {
    connect,
    timers,
    random: seededBytes(7),
    minorVersion: 1,
    user: { uid: 1000, gid: 1000 },
    otherUser: { uid: 2000, gid: 2000 },
    exportPath: null,
    ...PROBE_LIMITS,
    ...changes,
  };
}

/** A fake server and what runs probes against it, in virtual time. */
export function probeWorld(changes: Partial<ProbeSettings> = {}) {
  const timers = new VirtualTimers();
  const server = new FakeNfsServer();
  const network = new MemoryNetwork(timers, server.accept);
  const settings = probeSettings(timers, network.connect, changes);
  return { timers, server, network, settings, run: (probe: Probe) => timers.until(runProbe(probe, settings)) };
}

/** A probe for a test. */
export function testProbe(run: Probe["run"], changes: Partial<Probe> = {}): Probe {
  return { id: "test", title: "a test", requires: "something", rfc: "RFC 8881", run, ...changes };
}
