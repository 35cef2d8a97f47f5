import { ruleFamilies } from "../rules/index.ts";
import { ownRules } from "../rules/own-rules.ts";
import type { Rule } from "../rules/rule.ts";
import { defaultExportOf } from "../sys/modules.ts";

/** The family of rules from `--rules FILE`. */
export const OWN_FAMILY = "own";

/** Every rule there is in this run, by family. */
export type Catalogue = ReadonlyMap<string, readonly Rule[]>;

/** The built-in rules, and those that the user's own modules give. */
export async function loadCatalogue(files: readonly string[] = []): Promise<Catalogue> {
  if (files.length === 0) return ruleFamilies;
  const taken = new Set(allRules(ruleFamilies).map(({ id }) => id));
  const own: Rule[] = [];
  for (const file of files) {
    const rules = ownRules(await defaultExportOf(file), file, taken);
    for (const { id } of rules) taken.add(id);
    own.push(...rules);
  }
  return new Map([...ruleFamilies, [OWN_FAMILY, own]]);
}

export function allRules(catalogue: Catalogue): readonly Rule[] {
  return [...catalogue.values()].flat();
}
