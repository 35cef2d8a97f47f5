import type { Rule } from "./rule.ts";

/** Every rule, family by family, in report order. */
export const rules: readonly Rule[] = [];
