import type { Probe } from "../probe.ts";
import { restart } from "./restart.ts";

/** Servers that come back. */
export const recoveryProbes: readonly Probe[] = [restart];
