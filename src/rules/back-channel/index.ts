import type { Rule } from "../rule.ts";
import { backchannelCachethisRefused } from "./backchannel-cachethis-refused.ts";
import { backchannelCbSequencePos } from "./backchannel-cb-sequence-pos.ts";
import { backchannelDelayLoop } from "./backchannel-delay-loop.ts";
import { backchannelDelayResentSameSlot } from "./backchannel-delay-resent-same-slot.ts";
import { backchannelErrorMovedSlot } from "./backchannel-error-moved-slot.ts";
import { backchannelMinorVersion } from "./backchannel-minor-version.ts";
import { backchannelMisorderedByClient } from "./backchannel-misordered-by-client.ts";
import { backchannelMissingCbSequence } from "./backchannel-missing-cb-sequence.ts";
import { backchannelNoChannel } from "./backchannel-no-channel.ts";
import { backchannelNotAnswered } from "./backchannel-not-answered.ts";
import { backchannelReplyTooBig } from "./backchannel-reply-too-big.ts";
import { backchannelRequestTooBig } from "./backchannel-request-too-big.ts";
import { backchannelRetryNewSeq } from "./backchannel-retry-new-seq.ts";
import { backchannelRetryWithoutDisconnect } from "./backchannel-retry-without-disconnect.ts";
import { backchannelRpcVersion } from "./backchannel-rpc-version.ts";
import { backchannelSecNotOffered } from "./backchannel-sec-not-offered.ts";
import { backchannelSeqReset } from "./backchannel-seq-reset.ts";
import { backchannelTooManyOps } from "./backchannel-too-many-ops.ts";
import { backchannelWrongProgram } from "./backchannel-wrong-program.ts";
import { callbackRace } from "./callback-race.ts";
import { notifyUnbound } from "./notify-unbound.ts";
import { recallNotReturned } from "./recall-not-returned.ts";
import { referringCallBogus } from "./referring-call-bogus.ts";
import { referringCallMissing } from "./referring-call-missing.ts";
import { referringCallStale } from "./referring-call-stale.ts";
import { twins } from "./twins.ts";

/** What servers and clients owe each other on the back channel. RFC 8881 §2.10.3, §19.2, §20 */
export const backChannelRules: readonly Rule[] = [
  backchannelMissingCbSequence,
  backchannelCbSequencePos,
  backchannelNoChannel,
  backchannelWrongProgram,
  backchannelRpcVersion,
  backchannelMinorVersion,
  backchannelSecNotOffered,
  backchannelTooManyOps,
  backchannelRequestTooBig,
  backchannelReplyTooBig,
  backchannelErrorMovedSlot,
  backchannelDelayResentSameSlot,
  backchannelRetryNewSeq,
  backchannelRetryWithoutDisconnect,
  backchannelSeqReset,
  backchannelNotAnswered,
  backchannelDelayLoop,
  backchannelCachethisRefused,
  backchannelMisorderedByClient,
  referringCallMissing,
  referringCallBogus,
  referringCallStale,
  callbackRace,
  recallNotReturned,
  notifyUnbound,
  ...twins,
];
