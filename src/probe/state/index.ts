import type { Probe } from "../probe.ts";
import { leaseExpiry } from "./lease-expiry.ts";
import { leaseKeptByError } from "./lease-kept-by-error.ts";
import { reclaimCompleteProbe } from "./reclaim-complete.ts";

/** Reclaims and leases. */
export const stateProbes: readonly Probe[] = [reclaimCompleteProbe, leaseExpiry, leaseKeptByError];
