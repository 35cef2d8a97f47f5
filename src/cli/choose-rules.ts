import { nearest } from "../report/nearest.ts";
import { allRules, type Catalogue } from "./catalogue.ts";
import { matchIds, unknownId } from "./match-ids.ts";
import { UsageError } from "./usage-error.ts";

const RULES = { noun: "rule", listing: "slotshark rules" };

/** What the user said of which rules to hear. */
export interface RuleWishes {
  /** Only these: ids, families, or patterns with `*`. */
  readonly only?: readonly string[] | undefined;
  /** Not these. */
  readonly not?: readonly string[] | undefined;
  /** Ids that the config file switches off; naming one of them in `only` switches it on. */
  readonly off?: ReadonlySet<string>;
}

/** The ids of the rules to be heard, null for all of them. */
export function chooseRules({ only, not, off }: RuleWishes, catalogue: Catalogue): Set<string> | null {
  if (only === undefined && not === undefined && (off === undefined || off.size === 0)) return null;
  for (const words of [only, not])
    if (words?.length === 0) throw new UsageError("--rule and --not-rule need a rule, a family or a pattern");
  const ids = allRules(catalogue).map(({ id }) => id);
  const choices = { ...RULES, groups: catalogue };
  const chosen = new Set(only === undefined ? ids : only.flatMap((word) => matchIds(word, choices)));
  for (const id of off ?? []) if (!only?.includes(id)) chosen.delete(id);
  for (const word of not ?? []) for (const id of matchIds(word, choices)) chosen.delete(id);
  if (chosen.size === 0) throw new UsageError("no rule is left: all that were asked for are switched off as well");
  return chosen;
}

/** What to say of a family that does not exist. */
export function unknownFamily(name: string, known: readonly string[]): string {
  const near = nearest(name, known);
  return `there is no family ${name}: ${near.length > 0 ? `did you mean ${near.join(" or ")}?` : `there are ${known.join(", ")}`}`;
}

/** What to say of a rule id that does not exist. */
export function unknownRule(id: string, known: readonly string[]): string {
  return unknownId(id, known, RULES);
}
