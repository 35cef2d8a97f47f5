import type { Command } from "commander";
import { READERS, type ReaderName } from "../capture/detect.ts";
import { SEVERITIES } from "../report/select-findings.ts";
import { FAULTS, type Fault, type Severity } from "../rules/rule.ts";
import type { Terminal } from "../sys/terminal.ts";
import { choice, collect, collectList, whole } from "./option-values.ts";

/** Threads that `--jobs` may ask for. */
const JOBS_MAX = 999;

export const FORMATS = ["text", "json", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

/** `analyze`'s options as commander hands them over. */
export interface AnalyzeFlags {
  read?: string[];
  format: Format;
  records?: boolean;
  failOn?: Severity;
  minSeverity: Severity;
  rule?: string[];
  notRule?: string[];
  config?: string;
  rules?: string[];
  reader: ReaderName;
  jobs?: number;
  color?: boolean;
}

/** `rules`'s options. */
export interface RulesFlags {
  format: RuleListFormat;
  family?: string[];
  severity?: Severity;
  fault?: Fault;
  derived?: boolean;
  rules?: string[];
  color?: boolean;
}

/** `explain`'s options. */
export interface ExplainFlags {
  faults?: boolean;
  rules?: string[];
  color?: boolean;
}

export const RULE_LIST_FORMATS = ["text", "json"] as const;
export type RuleListFormat = (typeof RULE_LIST_FORMATS)[number];

/** Declares them. */
export function addAnalyzeOptions(command: Command): Command {
  command
    .option("-r, --read <file>", "a capture, as an option (may be repeated)", collect)
    .addOption(choice("-T, --format <format>", FORMATS).default("text"))
    .option("--records", "with --format ndjson: every exchange as well")
    .addOption(choice("--fail-on <severity>", SEVERITIES, "exit 1 when a finding is at least an "))
    .addOption(choice("--min-severity <severity>", SEVERITIES, "leave out findings below: ").default("note"))
    .option(
      "--rule <id>",
      "only findings of this rule, family or pattern such as seq-* (comma list; may be repeated)",
      collectList,
    )
    .option("--not-rule <id>", "no findings of it (likewise)", collectList)
    .option("--config <file>", "settings of rules, instead of slotshark.config.json")
    .addOption(choice("--reader <reader>", READERS).default("own"))
    .option("--jobs <number>", "threads to use (default: what pays on this machine; 1: only one)", whole(1, JOBS_MAX));
  return addColorOptions(addOwnRules(command));
}

/** Declares the options of `rules`. */
export function addRulesOptions(command: Command): Command {
  command
    .addOption(choice("-T, --format <format>", RULE_LIST_FORMATS).default("text"))
    .option("--family <name>", "only rules of this family (comma list; may be repeated)", collectList)
    .addOption(choice("--severity <severity>", SEVERITIES, "only rules that are a matter of: "))
    .addOption(choice("--fault <party>", FAULTS, "only rules that blame: "))
    .option("--derived", "also rules of the fore channel as they apply to the back channel");
  return addColorOptions(addOwnRules(command));
}

/** Declares the options of `explain`. */
export function addExplainOptions(command: Command): Command {
  command.option("--faults", "list the faults that `serve --fault` can have instead");
  return addColorOptions(addOwnRules(command));
}

function addOwnRules(command: Command): Command {
  return command.option("--rules <file>", "rules of your own: a JavaScript module (may be repeated)", collect);
}

/** Declares `--color` and `--no-color`. */
export function addColorOptions(command: Command): Command {
  return command.option("--color", "colours even into a file or pipe").option("--no-color", "no colours");
}

/** Colours go to terminals whose user did not object (https://no-color.org), or where they were asked for. */
export function isColored(choice: boolean | undefined, terminal: Terminal): boolean {
  if (choice !== undefined) return choice;
  const { NO_COLOR, TERM } = terminal.environment;
  return terminal.stdout.isTTY && (NO_COLOR ?? "") === "" && TERM !== "dumb";
}
