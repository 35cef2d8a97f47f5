import { type RuleFilter, ruleListJson, ruleListText } from "../report/rule-list.ts";
import type { Terminal } from "../sys/terminal.ts";
import { loadCatalogue } from "./catalogue.ts";
import { unknownFamily } from "./choose-rules.ts";
import { EXIT } from "./exit-status.ts";
import { isColored, type RulesFlags } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** `slotshark rules` */
export async function rulesCommand(flags: RulesFlags, terminal: Terminal): Promise<number> {
  const { stdout } = terminal;
  const catalogue = await loadCatalogue(flags.rules);
  const { family: families, severity, fault, derived = false } = flags;
  for (const family of families ?? [])
    if (!catalogue.has(family)) throw new UsageError(unknownFamily(family, [...catalogue.keys()]));
  const filter: RuleFilter = { families, severity, fault, derived };
  const options = { width: stdout.columns, isColored: isColored(flags.color, terminal) };
  const text = flags.format === "json" ? ruleListJson(catalogue, filter) : ruleListText(catalogue, filter, options);
  await stdout.write(text);
  return EXIT.done;
}
