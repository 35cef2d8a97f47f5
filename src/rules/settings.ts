import type { Rule, RuleContext, Severity } from "./rule.ts";

/** What a user wants of a rule otherwise than it is. */
export interface RuleSetting {
  /** Of all it finds; what a rule itself calls less bad than that stays so. */
  readonly severity?: Severity;
  /** New values for some of its options. */
  readonly options?: Readonly<Record<string, number>>;
}

/** Mildest first. */
const MILDEST: readonly Severity[] = ["note", "warning", "error"];

/** The rules as the user wants them. */
export function withSettings(rules: readonly Rule[], settings: ReadonlyMap<string, RuleSetting>): readonly Rule[] {
  return rules.map((rule) => {
    const setting = settings.get(rule.id);
    return setting === undefined ? rule : withSetting(rule, setting);
  });
}

function withSetting(rule: Rule, { severity, options }: RuleSetting): Rule {
  const changed = options === undefined ? rule : { ...rule, options: { ...rule.options, ...options } };
  if (severity === undefined) return changed;
  return { ...changed, severity, watch: (context) => rule.watch(noWorseThan(severity, context)) };
}

function noWorseThan(severity: Severity, context: RuleContext): RuleContext {
  return {
    ...context,
    report: (report) => context.report({ ...report, severity: milder(report.severity ?? severity, severity) }),
  };
}

function milder(one: Severity, other: Severity): Severity {
  return MILDEST.indexOf(one) < MILDEST.indexOf(other) ? one : other;
}
