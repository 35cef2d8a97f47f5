import type { Probe } from "../probe.ts";
import { repTooBig } from "./rep-too-big.ts";
import { repTooBigCache } from "./rep-too-big-cache.ts";
import { repTooBigPartial } from "./rep-too-big-partial.ts";
import { reqTooBig } from "./req-too-big.ts";
import { tooManyOps } from "./too-many-ops.ts";
import { unsafeCompound } from "./unsafe-compound.ts";

/** The limits of a session, and compounds that are hard to recover from. */
export const sizeProbes: readonly Probe[] = [
  tooManyOps,
  reqTooBig,
  repTooBig,
  repTooBigCache,
  repTooBigPartial,
  unsafeCompound,
];
