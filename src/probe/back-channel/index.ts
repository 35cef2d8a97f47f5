import type { Probe } from "../probe.ts";
import { cbErrorSlot } from "./cb-error-slot.ts";
import { cbPathFlags } from "./cb-path-flags.ts";
import { cbReferring } from "./cb-referring.ts";
import { cbRetry } from "./cb-retry.ts";
import { cbUnofferedFlavor } from "./cb-unoffered-flavor.ts";

/** How a server calls back. */
export const backChannelProbes: readonly Probe[] = [cbPathFlags, cbRetry, cbErrorSlot, cbReferring, cbUnofferedFlavor];
