import type { Finding } from "../rules/finding.ts";
import type { Severity } from "../rules/rule.ts";

/** Worst first. */
export const SEVERITIES: readonly Severity[] = ["error", "warning", "note"];

/** Which findings a report shows. */
export interface Selection {
  /** Rule ids; null for all. */
  rules: ReadonlySet<string> | null;
  minSeverity: Severity;
}

/** All findings of all rules. */
export const EVERYTHING: Selection = { rules: null, minSeverity: "note" };

/** `severity` is `bound` or worse. */
export function isAtLeast(severity: Severity, bound: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(bound);
}

/** A selection leaves it. */
export function isSelected({ rule, severity }: Finding, { rules, minSeverity }: Selection): boolean {
  return isAtLeast(severity, minSeverity) && (rules === null || rules.has(rule.id));
}

/** The findings that a selection leaves, in their order. */
export function selectFindings(findings: readonly Finding[], selection: Selection): readonly Finding[] {
  return findings.filter((finding) => isSelected(finding, selection));
}

/** Folded findings by severity. */
export interface SeverityCounts {
  errors: number;
  warnings: number;
  notes: number;
}

/** How many folded findings there are of each severity. */
export function countSeverities(findings: readonly Finding[]): SeverityCounts {
  const count = (severity: Severity) => findings.filter((finding) => finding.severity === severity).length;
  return { errors: count("error"), warnings: count("warning"), notes: count("note") };
}
