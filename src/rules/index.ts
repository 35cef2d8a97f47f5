import type { Rule } from "./rule.ts";

/** Every rule by family (the folder's name), in report order. */
export const ruleFamilies: ReadonlyMap<string, readonly Rule[]> = new Map<string, readonly Rule[]>([]);

/** Every rule, family by family, in report order. */
export const rules: readonly Rule[] = [...ruleFamilies.values()].flat();
