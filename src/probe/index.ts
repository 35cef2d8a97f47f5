import { falseRetryProbes } from "./false-retries/index.ts";
import { firstRequestProbes } from "./first-requests/index.ts";
import { inProgressProbes } from "./in-progress/index.ts";
import { positionProbes } from "./positions/index.ts";
import type { Probe, ProbeFamily } from "./probe.ts";
import { retryProbes } from "./retries/index.ts";
import { sizeProbes } from "./sizes/index.ts";

/** Every probe by family (the folder's name), in the order of the report. */
export const probeFamilies: ReadonlyMap<ProbeFamily, readonly Probe[]> = new Map([
  ["first-requests", firstRequestProbes],
  ["retries", retryProbes],
  ["in-progress", inProgressProbes],
  ["false-retries", falseRetryProbes],
  ["positions", positionProbes],
  ["sizes", sizeProbes],
]);

/** Every probe, family by family. */
export const probes: readonly Probe[] = [...probeFamilies.values()].flat();
