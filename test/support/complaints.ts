import type { Finding } from "../../src/rules/finding.ts";

/** Says of a lost connection what was under way on it: comes in addition to what somebody made of that. */
export const IN_ADDITION = "conn-reset-with-outstanding";

/** Above a note: somebody is told to mend something. */
export function complaints(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ rule, severity }) => severity !== "note" && rule.id !== IN_ADDITION);
}
