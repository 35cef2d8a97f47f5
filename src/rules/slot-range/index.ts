import type { Rule } from "../rule.ts";
import { slotBeyondTable } from "./slot-beyond-table.ts";

/** Which slots may be used, and flow control. RFC 8881 §2.10.6.1, §20.8 */
export const slotRangeRules: readonly Rule[] = [slotBeyondTable];
