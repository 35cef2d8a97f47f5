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
  if (flags.faults) {
    const { faultListText } = await import("./explain-live.ts");
    await stdout.write(faultListText(options));
    return EXIT.done;
  }
  if (id === undefined) {
    await stdout.write(ruleListText(catalogue, { derived: false }, options));
    return EXIT.done;
  }
  const rules = allRules(catalogue);
  const { additionsTo, explainedProbe, probeIds } = await import("./explain-live.ts");
  const rule = rules.find((known) => known.id === id);
  const probe = explainedProbe(id, options);
  if (rule === undefined && probe === null)
    throw new UsageError(unknownRule(id, [...rules.map((known) => known.id), ...probeIds]));
  const pages = [
    ...(rule === undefined ? [] : [explainRule(rule, options, additionsTo(rule.id))]),
    ...(probe === null ? [] : [probe]),
  ];
  await stdout.write(pages.join("\n"));
  return EXIT.done;
}
