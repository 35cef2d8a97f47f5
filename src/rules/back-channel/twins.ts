import type { Call } from "../../session/call.ts";
import { compoundStatusMismatch } from "../replies/compound-status-mismatch.ts";
import { duplicateReply } from "../replies/duplicate-reply.ts";
import { replyOpMismatch } from "../replies/reply-op-mismatch.ts";
import { replySeqidMismatch } from "../replies/reply-seqid-mismatch.ts";
import { replySessionMismatch } from "../replies/reply-session-mismatch.ts";
import { replySlotMismatch } from "../replies/reply-slot-mismatch.ts";
import { retryNewXid } from "../replies/retry-new-xid.ts";
import { statusNotListed } from "../replies/status-not-listed.ts";
import { tagChanged } from "../replies/tag-changed.ts";
import { xidReuseOutstanding } from "../replies/xid-reuse-outstanding.ts";
import { zeroResultsWrongStatus } from "../replies/zero-results-wrong-status.ts";
import { cachedReplyLost } from "../reply-cache/cached-reply-lost.ts";
import { falseRetryExecuted } from "../reply-cache/false-retry-executed.ts";
import { falseRetryUndetected } from "../reply-cache/false-retry-undetected.ts";
import { falseRetryUserNotCaught } from "../reply-cache/false-retry-user-not-caught.ts";
import { replayReplyDiffers } from "../reply-cache/replay-reply-differs.ts";
import { retryInProgressNotDelay } from "../reply-cache/retry-in-progress-not-delay.ts";
import { retryUncachedOnSequence } from "../reply-cache/retry-uncached-on-sequence.ts";
import { seqErrorMovedSlot } from "../reply-cache/seq-error-moved-slot.ts";
import { serverAcceptedMisordered } from "../reply-cache/server-accepted-misordered.ts";
import { serverRejectedRetry } from "../reply-cache/server-rejected-retry.ts";
import type { Rule } from "../rule.ts";
import { badHighSlot } from "../slot-range/bad-high-slot.ts";
import { badslotNotRetired } from "../slot-range/badslot-not-retired.ts";
import { clientIgnoresTargetHighestSlotid } from "../slot-range/client-ignores-target-highest-slotid.ts";
import { highestSlotidBelowSlotid } from "../slot-range/highest-slotid-below-slotid.ts";
import { highestSlotidOverstated } from "../slot-range/highest-slotid-overstated.ts";
import { highestSlotidUnderstated } from "../slot-range/highest-slotid-understated.ts";
import { retryRefusedAfterShrink } from "../slot-range/retry-refused-after-shrink.ts";
import { slotBeyondEnforced } from "../slot-range/slot-beyond-enforced.ts";
import { slotBeyondTable } from "../slot-range/slot-beyond-table.ts";
import { srHighestBelowArg } from "../slot-range/sr-highest-below-arg.ts";
import { srHighestBelowSlot } from "../slot-range/sr-highest-below-slot.ts";
import { srTargetAboveHighest } from "../slot-range/sr-target-above-highest.ts";
import { tableShrunkWithoutNotice } from "../slot-range/table-shrunk-without-notice.ts";
import { connLostNotRetried } from "../slots/conn-lost-not-retried.ts";
import { delayBusyLoop } from "../slots/delay-busy-loop.ts";
import { falseRetry } from "../slots/false-retry.ts";
import { falseRetryCachethis } from "../slots/false-retry-cachethis.ts";
import { falseRetryUser } from "../slots/false-retry-user.ts";
import { lateDuplicate } from "../slots/late-duplicate.ts";
import { misorderedLoop } from "../slots/misordered-loop.ts";
import { outOfOrderReplyOnSlot } from "../slots/out-of-order-reply-on-slot.ts";
import { retryAfterDisconnect } from "../slots/retry-after-disconnect.ts";
import { seqBehind } from "../slots/seq-behind.ts";
import { seqFirstNotOne } from "../slots/seq-first-not-one.ts";
import { seqGap } from "../slots/seq-gap.ts";
import { seqMisordered } from "../slots/seq-misordered.ts";
import { seqWrap } from "../slots/seq-wrap.ts";
import { seqWrapSkippedZero } from "../slots/seq-wrap-skipped-zero.ts";
import { seqidZeroFirst } from "../slots/seqid-zero-first.ts";
import { slotAbandonedAfterDisconnect } from "../slots/slot-abandoned-after-disconnect.ts";
import { slotNeverUsedAgain } from "../slots/slot-never-used-again.ts";
import { slotNotLowest } from "../slots/slot-not-lowest.ts";
import { slotReuseWhileOutstanding } from "../slots/slot-reuse-while-outstanding.ts";
import { slotStarvation } from "../slots/slot-starvation.ts";
import { twinOf } from "../twin.ts";

/** SEQ4_STATUS_BACKCHANNEL_FAULT is 0x400. RFC 8881 §18.46.3 */
const BACKCHANNEL_FAULT_BIT = 10;

/**
 * The promises of the fore channel that hold for callbacks word by word. Not here: what a rule of this family says
 * better (retries on a living connection, calls without an answer, right sequence ids refused), and what has no meaning
 * for callbacks (operations that must not run twice, how a Linux client finds back).
 */
export const twins: readonly Rule[] = [
  ...[seqFirstNotOne, seqidZeroFirst, seqMisordered, seqGap, seqBehind, lateDuplicate, seqWrapSkippedZero, seqWrap],
  ...[slotReuseWhileOutstanding, slotAbandonedAfterDisconnect, slotNotLowest, slotBeyondTable, slotBeyondEnforced],
  ...[clientIgnoresTargetHighestSlotid, highestSlotidBelowSlotid, highestSlotidUnderstated, badHighSlot],
  ...[srHighestBelowArg, srHighestBelowSlot, srTargetAboveHighest, tableShrunkWithoutNotice],
  ...[retryRefusedAfterShrink, badslotNotRetired],
  ...[retryAfterDisconnect, retryNewXid, falseRetry, falseRetryUser, falseRetryCachethis, delayBusyLoop],
  ...[replySessionMismatch, replySeqidMismatch, replySlotMismatch, replyOpMismatch, duplicateReply],
  ...[xidReuseOutstanding, compoundStatusMismatch, zeroResultsWrongStatus, tagChanged, statusNotListed],
  ...[serverAcceptedMisordered, serverRejectedRetry, replayReplyDiffers, cachedReplyLost, retryUncachedOnSequence],
  ...[retryInProgressNotDelay, seqErrorMovedSlot],
  ...[falseRetryExecuted, falseRetryUserNotCaught, falseRetryUndetected],
]
  .map((rule) => twinOf(rule))
  .concat([
    twinOf(highestSlotidOverstated, { seenIn: "nfs4j and DittoFS always name the last slot in their callbacks" }),
    twinOf(misorderedLoop, {
      todo: "Look at the finding on the same slot that came before; on the client, unmount or force a new session.",
    }),
    twinOf(outOfOrderReplyOnSlot, { todo: "See backchannel-slot-reuse-while-outstanding on the same slot." }),
    twinOf(slotStarvation, {
      hurts: "Recalls have to wait, and with them whoever wants what is to be given back.",
      todo: "Find out why the client takes so long to answer, or let it offer more slots.",
    }),
    twinOf(slotNeverUsedAgain, { seenIn: "the Linux server since 2025, on purpose, after BADSLOT and SEQ_MISORDERED" }),
    twinOf(connLostNotRetried, {
      todo: "In the server, retry what was outstanding on a lost connection, or say SEQ4_STATUS_BACKCHANNEL_FAULT.",
      unless: (call) => isBackChannelDown(call) || wasSentAnew(call),
    }),
  ]);

/** Without a connection there is no way to send it again; or the server has said that it gave the slots up. */
function isBackChannelDown({ session }: Call): boolean {
  if (session === null || session.statusFlagCounts.has(BACKCHANNEL_FAULT_BIT)) return true;
  return ![...session.connections].some(([connection, channels]) => connection.isOpen && channels.has("back"));
}

/** Under another slot or sequence id: `backchannel-retry-new-seq` tells of that. */
function wasSentAnew(call: Call): boolean {
  for (const { current, refused } of call.session?.back?.used() ?? []) {
    for (const other of [current, current?.previous, refused]) {
      const isSame = other?.fingerprint === call.fingerprint && other.operations === call.operations;
      if (isSame && other.first !== call.first && other.at > call.at) return true;
    }
  }
  return false;
}
