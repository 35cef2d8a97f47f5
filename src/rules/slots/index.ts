import type { Rule } from "../rule.ts";
import { cachethisRetryUncached } from "./cachethis-retry-uncached.ts";
import { cachethisWasteful } from "./cachethis-wasteful.ts";
import { connLostNotRetried } from "./conn-lost-not-retried.ts";
import { delayBusyLoop } from "./delay-busy-loop.ts";
import { delayNonidempotentResent } from "./delay-nonidempotent-resent.ts";
import { delayOnSequenceNewSlot } from "./delay-on-sequence-new-slot.ts";
import { delayResentSameSlot } from "./delay-resent-same-slot.ts";
import { duplicateOnTwoConnections } from "./duplicate-on-two-connections.ts";
import { falseRetry } from "./false-retry.ts";
import { falseRetryCachethis } from "./false-retry-cachethis.ts";
import { falseRetryUser } from "./false-retry-user.ts";
import { interruptedSlotRecovery } from "./interrupted-slot-recovery.ts";
import { lateDuplicate } from "./late-duplicate.ts";
import { leakedSlot } from "./leaked-slot.ts";
import { misorderedLoop } from "./misordered-loop.ts";
import { outOfOrderReplyOnSlot } from "./out-of-order-reply-on-slot.ts";
import { retryAfterDisconnect } from "./retry-after-disconnect.ts";
import { retryAfterReply } from "./retry-after-reply.ts";
import { retryBeforeReply } from "./retry-before-reply.ts";
import { retryWithoutDisconnect } from "./retry-without-disconnect.ts";
import { seqBehind } from "./seq-behind.ts";
import { seqFirstNotOne } from "./seq-first-not-one.ts";
import { seqGap } from "./seq-gap.ts";
import { seqMisordered } from "./seq-misordered.ts";
import { seqWrap } from "./seq-wrap.ts";
import { seqWrapSkippedZero } from "./seq-wrap-skipped-zero.ts";
import { seqidZeroFirst } from "./seqid-zero-first.ts";
import { slotAbandonedAfterDisconnect } from "./slot-abandoned-after-disconnect.ts";
import { slotNeverUsedAgain } from "./slot-never-used-again.ts";
import { slotNotLowest } from "./slot-not-lowest.ts";
import { slotReuseWhileOutstanding } from "./slot-reuse-while-outstanding.ts";
import { slotStarvation } from "./slot-starvation.ts";
import { uncachedNonidempotent } from "./uncached-nonidempotent.ts";

/** How requesters use the slots of the fore channel. RFC 8881 §2.10.6 */
export const slotRules: readonly Rule[] = [
  seqFirstNotOne,
  seqidZeroFirst,
  seqMisordered,
  seqGap,
  seqBehind,
  lateDuplicate,
  seqWrapSkippedZero,
  seqWrap,
  slotReuseWhileOutstanding,
  slotAbandonedAfterDisconnect,
  connLostNotRetried,
  interruptedSlotRecovery,
  retryBeforeReply,
  retryWithoutDisconnect,
  retryAfterReply,
  retryAfterDisconnect,
  duplicateOnTwoConnections,
  falseRetry,
  falseRetryUser,
  falseRetryCachethis,
  cachethisRetryUncached,
  uncachedNonidempotent,
  cachethisWasteful,
  delayResentSameSlot,
  delayNonidempotentResent,
  delayOnSequenceNewSlot,
  delayBusyLoop,
  misorderedLoop,
  slotNotLowest,
  slotStarvation,
  leakedSlot,
  slotNeverUsedAgain,
  outOfOrderReplyOnSlot,
];
