import type { Rule } from "../rule.ts";
import { sequenceNotFirst } from "./sequence-not-first.ts";

/** The structure and size of compounds. RFC 8881 §16.2 */
export const compoundRules: readonly Rule[] = [sequenceNotFirst];
