import { backChannelRules } from "./back-channel/index.ts";
import { captureRules } from "./capture/index.ts";
import { clientRules } from "./clients/index.ts";
import { compoundRules } from "./compounds/index.ts";
import { connectionRules } from "./connections/index.ts";
import { replyRules } from "./replies/index.ts";
import { replyCacheRules } from "./reply-cache/index.ts";
import type { Rule } from "./rule.ts";
import { sessionRules } from "./sessions/index.ts";
import { slotRangeRules } from "./slot-range/index.ts";
import { slotRules } from "./slots/index.ts";
import { statusFlagRules } from "./status-flags/index.ts";

/** Every rule by family (the folder's name), in report order. */
export const ruleFamilies: ReadonlyMap<string, readonly Rule[]> = new Map([
  ["slots", slotRules],
  ["slot-range", slotRangeRules],
  ["replies", replyRules],
  ["reply-cache", replyCacheRules],
  ["compounds", compoundRules],
  ["sessions", sessionRules],
  ["clients", clientRules],
  ["connections", connectionRules],
  ["status-flags", statusFlagRules],
  ["back-channel", backChannelRules],
  ["capture", captureRules],
]);

/** Every rule, family by family, in report order. */
export const rules: readonly Rule[] = [...ruleFamilies.values()].flat();
