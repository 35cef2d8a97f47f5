import type { Rule } from "../rule.ts";
import { badHighSlot } from "./bad-high-slot.ts";
import { badslotNotRetired } from "./badslot-not-retired.ts";
import { clientIgnoresTargetHighestSlotid } from "./client-ignores-target-highest-slotid.ts";
import { highestSlotidBelowSlotid } from "./highest-slotid-below-slotid.ts";
import { highestSlotidOverstated } from "./highest-slotid-overstated.ts";
import { highestSlotidUnderstated } from "./highest-slotid-understated.ts";
import { recallSlotIgnored } from "./recall-slot-ignored.ts";
import { recallSlotNotConfirmed } from "./recall-slot-not-confirmed.ts";
import { retryRefusedAfterShrink } from "./retry-refused-after-shrink.ts";
import { slotBeyondEnforced } from "./slot-beyond-enforced.ts";
import { slotBeyondTable } from "./slot-beyond-table.ts";
import { slotRegrantSeq } from "./slot-regrant-seq.ts";
import { slotsZero } from "./slots-zero.ts";
import { srHighestBelowArg } from "./sr-highest-below-arg.ts";
import { srHighestBelowSlot } from "./sr-highest-below-slot.ts";
import { srTargetAboveHighest } from "./sr-target-above-highest.ts";
import { tableShrunkWithoutNotice } from "./table-shrunk-without-notice.ts";

/** Which slots may be used, and flow control. RFC 8881 §2.10.6.1, §20.8 */
export const slotRangeRules: readonly Rule[] = [
  slotBeyondTable,
  slotBeyondEnforced,
  clientIgnoresTargetHighestSlotid,
  recallSlotIgnored,
  recallSlotNotConfirmed,
  highestSlotidBelowSlotid,
  highestSlotidUnderstated,
  highestSlotidOverstated,
  badHighSlot,
  srHighestBelowArg,
  srHighestBelowSlot,
  srTargetAboveHighest,
  tableShrunkWithoutNotice,
  retryRefusedAfterShrink,
  badslotNotRetired,
  slotRegrantSeq,
  slotsZero,
];
