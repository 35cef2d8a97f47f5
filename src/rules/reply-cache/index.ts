import type { Rule } from "../rule.ts";
import { cachedReplyLost } from "./cached-reply-lost.ts";
import { deadsessionNonpersistent } from "./deadsession-nonpersistent.ts";
import { doubleExecution } from "./double-execution.ts";
import { falseRetryExecuted } from "./false-retry-executed.ts";
import { falseRetryUndetected } from "./false-retry-undetected.ts";
import { falseRetryUserNotCaught } from "./false-retry-user-not-caught.ts";
import { persistLied } from "./persist-lied.ts";
import { replayReplyDiffers } from "./replay-reply-differs.ts";
import { retryInProgressNotDelay } from "./retry-in-progress-not-delay.ts";
import { retryUncachedOnIllegalOp } from "./retry-uncached-on-illegal-op.ts";
import { retryUncachedOnSequence } from "./retry-uncached-on-sequence.ts";
import { seqErrorMovedSlot } from "./seq-error-moved-slot.ts";
import { serverAcceptedMisordered } from "./server-accepted-misordered.ts";
import { serverRejectedRetry } from "./server-rejected-retry.ts";
import { serverRejectedValid } from "./server-rejected-valid.ts";
import { sessionShared } from "./session-shared.ts";

/** How servers keep their reply cache. RFC 8881 §2.10.6.1 */
export const replyCacheRules: readonly Rule[] = [
  serverAcceptedMisordered,
  serverRejectedValid,
  serverRejectedRetry,
  replayReplyDiffers,
  doubleExecution,
  cachedReplyLost,
  retryUncachedOnSequence,
  retryUncachedOnIllegalOp,
  retryInProgressNotDelay,
  seqErrorMovedSlot,
  falseRetryExecuted,
  falseRetryUserNotCaught,
  falseRetryUndetected,
  sessionShared,
  deadsessionNonpersistent,
  persistLied,
];
