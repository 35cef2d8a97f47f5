import type { Probe } from "../probe.ts";
import { csAttrs } from "./cs-attrs.ts";
import { csConcurrent } from "./cs-concurrent.ts";
import { csContrived } from "./cs-contrived.ts";
import { csFlags } from "./cs-flags.ts";
import { csNotOnly } from "./cs-not-only.ts";
import { csRdmaIrd } from "./cs-rdma-ird.ts";
import { csReplay } from "./cs-replay.ts";
import { csReplayError } from "./cs-replay-error.ts";
import { csReplayInSeq } from "./cs-replay-in-seq.ts";
import { csSeqHigh } from "./cs-seq-high.ts";
import { csStale } from "./cs-stale.ts";

/** How sessions are made. */
export const createSessionProbes: readonly Probe[] = [
  csContrived,
  csReplay,
  csReplayInSeq,
  csReplayError,
  csSeqHigh,
  csStale,
  csFlags,
  csAttrs,
  csRdmaIrd,
  csConcurrent,
  csNotOnly,
];
