import type { Probe } from "../probe.ts";
import { retryCachedError } from "./retry-cached-error.ts";
import { retryCachedNonidem } from "./retry-cached-nonidem.ts";
import { retryCachedOk } from "./retry-cached-ok.ts";
import { retryIllegal } from "./retry-illegal.ts";
import { retryMany } from "./retry-many.ts";
import { retryNewXid } from "./retry-new-xid.ts";
import { retrySolo } from "./retry-solo.ts";
import { retryUncached } from "./retry-uncached.ts";
import { retryUncachedNoExec } from "./retry-uncached-no-exec.ts";

/** What a request gets that comes a second time. */
export const retryProbes: readonly Probe[] = [
  retryCachedOk,
  retryCachedNonidem,
  retryCachedError,
  retryIllegal,
  retrySolo,
  retryUncached,
  retryUncachedNoExec,
  retryMany,
  retryNewXid,
];
