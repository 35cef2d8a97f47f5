import type { Probe } from "../probe.ts";
import { everyOpNoSequence } from "./every-op-no-sequence.ts";
import { noSequence } from "./no-sequence.ts";
import { sequencePos } from "./sequence-pos.ts";
import { sequenceThird } from "./sequence-third.ts";

/** Where SEQUENCE stands in a compound. */
export const positionProbes: readonly Probe[] = [sequencePos, sequenceThird, noSequence, everyOpNoSequence];
