import type { Probe } from "../probe.ts";
import { firstOne } from "./first-one.ts";
import { firstTwo } from "./first-two.ts";
import { firstZero } from "./first-zero.ts";
import { seqFar } from "./seq-far.ts";
import { seqMinusOne } from "./seq-minus-one.ts";
import { seqPlusTwo } from "./seq-plus-two.ts";
import { wrap } from "./wrap.ts";

/** Which sequence ids a slot takes. */
export const firstRequestProbes: readonly Probe[] = [
  firstOne,
  firstZero,
  firstTwo,
  seqPlusTwo,
  seqMinusOne,
  seqFar,
  wrap,
];
