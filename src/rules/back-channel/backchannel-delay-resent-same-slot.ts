import type { Rule } from "../rule.ts";
import { delayResentSameSlot } from "../slots/delay-resent-same-slot.ts";
import { turnedRound } from "../twin.ts";

/** Once CB_SEQUENCE has succeeded the same slot and sequence id get the same answer for ever. */
export const backchannelDelayResentSameSlot: Rule = {
  ...turnedRound(delayResentSameSlot),
  id: "backchannel-delay-resent-same-slot",
  title: "A callback delayed at a later operation was sent again on the same slot and sequence id",
  help: {
    means:
      "CB_SEQUENCE succeeded and an operation behind it answered NFS4ERR_DELAY, so the slot has moved on. The same slot and sequence id are a retry, which the client answers from its cache: NFS4ERR_DELAY again.",
    hurts:
      "The callback is never executed, however often it is sent; what is to be recalled stays out until it is revoked.",
    todo: "In the server, send the callback again with the next sequence id unless CB_SEQUENCE itself was delayed.",
  },
  supersedes: ["backchannel-retry-without-disconnect"],
};
