import type { Probe } from "../probe.ts";
import { grow } from "./grow.ts";
import { highestBelowSlot } from "./highest-below-slot.ts";
import { highestBeyond } from "./highest-beyond.ts";
import { highestLower } from "./highest-lower.ts";
import { slotHuge } from "./slot-huge.ts";
import { slotLast } from "./slot-last.ts";
import { slotMax } from "./slot-max.ts";

/** Which slots there are, and how many. */
export const slotRangeProbes: readonly Probe[] = [
  slotLast,
  slotMax,
  slotHuge,
  highestBelowSlot,
  highestBeyond,
  highestLower,
  grow,
];
