import type { Rule } from "../rule.ts";
import { slotBeyondTable } from "./slot-beyond-table.ts";

/** Which slots may be used, and flow control. RULES.md B.2 */
export const slotRangeRules: readonly Rule[] = [slotBeyondTable];
