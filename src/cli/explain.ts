import { explainRule } from "../report/explain.ts";
import { ruleListText } from "../report/rule-list.ts";
import type { Terminal } from "../sys/terminal.ts";
import { allRules, loadCatalogue } from "./catalogue.ts";
import { unknownRule } from "./choose-rules.ts";
import { EXIT } from "./exit-status.ts";
import { type ExplainFlags, isColored } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** `slotshark explain [RULE]` */
export async function explain(id: string | undefined, flags: ExplainFlags, terminal: Terminal): Promise<number> {
  const { stdout } = terminal;
  const options = { width: stdout.columns, isColored: isColored(flags.color, terminal) };
  const catalogue = await loadCatalogue(flags.rules);
  if (id === undefined) {
    await stdout.write(ruleListText(catalogue, { derived: false }, options));
    return EXIT.done;
  }
  const rules = allRules(catalogue);
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) {
    const ids = rules.map((known) => known.id);
    throw new UsageError(unknownRule(id, ids));
  }
  await stdout.write(explainRule(rule, options));
  return EXIT.done;
}
