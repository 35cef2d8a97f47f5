import { backChannelProbes } from "./back-channel/index.ts";
import { capacityProbes } from "./capacity/index.ts";
import { clientIdProbes } from "./client-ids/index.ts";
import { compoundProbes } from "./compounds/index.ts";
import { connectionProbes } from "./connections/index.ts";
import { createSessionProbes } from "./create-session/index.ts";
import { destroySessionProbes } from "./destroy-session/index.ts";
import { falseRetryProbes } from "./false-retries/index.ts";
import { firstRequestProbes } from "./first-requests/index.ts";
import { inProgressProbes } from "./in-progress/index.ts";
import { positionProbes } from "./positions/index.ts";
import type { Probe, ProbeFamily } from "./probe.ts";
import { recoveryProbes } from "./recovery/index.ts";
import { retryProbes } from "./retries/index.ts";
import { sizeProbes } from "./sizes/index.ts";
import { slotRangeProbes } from "./slot-range/index.ts";
import { stateProbes } from "./state/index.ts";

/** Every probe by family (the folder's name), in the order of the report. */
export const probeFamilies: ReadonlyMap<ProbeFamily, readonly Probe[]> = new Map([
  ["first-requests", firstRequestProbes],
  ["retries", retryProbes],
  ["in-progress", inProgressProbes],
  ["false-retries", falseRetryProbes],
  ["slot-range", slotRangeProbes],
  ["positions", positionProbes],
  ["sizes", sizeProbes],
  ["client-ids", clientIdProbes],
  ["create-session", createSessionProbes],
  ["destroy-session", destroySessionProbes],
  ["connections", connectionProbes],
  ["state", stateProbes],
  ["compounds", compoundProbes],
  ["back-channel", backChannelProbes],
  ["capacity", capacityProbes],
  ["recovery", recoveryProbes],
]);

/** Every probe, family by family. */
export const probes: readonly Probe[] = [...probeFamilies.values()].flat();
