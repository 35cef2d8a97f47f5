import { firstRequestProbes } from "./first-requests/index.ts";
import type { Probe, ProbeFamily } from "./probe.ts";

/** Every probe by family (the folder's name), in the order of the report. */
export const probeFamilies: ReadonlyMap<ProbeFamily, readonly Probe[]> = new Map([
  ["first-requests", firstRequestProbes],
]);

/** Every probe, family by family. */
export const probes: readonly Probe[] = [...probeFamilies.values()].flat();
