import { explainRule, listRules } from "../report/explain.ts";
import { ruleFamilies, rules } from "../rules/index.ts";
import type { Terminal } from "../sys/terminal.ts";
import { EXIT } from "./exit-status.ts";
import { isColored, unknownRule } from "./options.ts";
import { UsageError } from "./usage-error.ts";

/** `slotshark explain [RULE]` */
export async function explain(id: string | undefined, color: boolean | undefined, terminal: Terminal): Promise<number> {
  const { stdout } = terminal;
  const options = { width: stdout.columns, isColored: isColored(color, terminal) };
  if (id === undefined) {
    await stdout.write(listRules(ruleFamilies, options));
    return EXIT.done;
  }
  const rule = rules.find((known) => known.id === id);
  if (rule === undefined) {
    throw new UsageError(
      unknownRule(
        id,
        rules.map((known) => known.id),
      ),
    );
  }
  await stdout.write(explainRule(rule, options));
  return EXIT.done;
}
