import type { Rule } from "../rule.ts";
import { sequenceNotFirst } from "./sequence-not-first.ts";

/** The structure and size of compounds, in the order of RULES.md B.5. */
export const compoundRules: readonly Rule[] = [sequenceNotFirst];
