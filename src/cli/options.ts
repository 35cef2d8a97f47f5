import { type Command, InvalidArgumentError, Option } from "commander";
import { READERS, type ReaderName } from "../capture/detect.ts";
import { nearest } from "../report/nearest.ts";
import { listed } from "../report/quantity.ts";
import { SEVERITIES } from "../report/select-findings.ts";
import type { Severity } from "../rules/rule.ts";
import type { Terminal } from "../sys/terminal.ts";
import { UsageError } from "./usage-error.ts";

export const FORMATS = ["text", "json", "ndjson"] as const;
export type Format = (typeof FORMATS)[number];

/** `analyze`'s options as commander hands them over. */
export interface AnalyzeFlags {
  read?: string[];
  format: Format;
  failOn?: Severity;
  minSeverity: Severity;
  rule?: string[];
  reader: ReaderName;
  color?: boolean;
}

/** Declares them. */
export function addAnalyzeOptions(command: Command): Command {
  const choice = (flags: string, choices: readonly string[], what = "") =>
    new Option(flags, `${what}${listed(choices, "or")}`).argParser((word: string) => oneOf(word, choices));
  command
    .option("-r, --read <file>", "a capture, as an option (may be repeated)", collect)
    .addOption(choice("-T, --format <format>", FORMATS).default("text"))
    .addOption(choice("--fail-on <severity>", SEVERITIES, "exit 1 when a finding is at least an "))
    .addOption(choice("--min-severity <severity>", SEVERITIES, "leave out findings below: ").default("note"))
    .option("--rule <id>", "only findings of this rule (comma list; may be repeated)", collectList)
    .addOption(choice("--reader <reader>", READERS).default("own"));
  return addColorOptions(command);
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

/** The rules asked for, null for all. */
export function selectedRules(ids: readonly string[] | undefined, known: readonly string[]): Set<string> | null {
  if (ids === undefined) return null;
  for (const id of ids) if (!known.includes(id)) throw new UsageError(unknownRule(id, known));
  return new Set(ids);
}

/** What to say of a rule id that does not exist. */
export function unknownRule(id: string, known: readonly string[]): string {
  const near = nearest(id, known);
  const hint = near.length > 0 ? `did you mean ${near.join(" or ")}?` : "`slotshark explain` lists them all";
  return `there is no rule ${id}: ${hint}`;
}

function oneOf(word: string, choices: readonly string[]): string {
  if (choices.includes(word)) return word;
  throw new InvalidArgumentError(`Write one of: ${choices.join(", ")}.`);
}

function collect(word: string, before: string[] | undefined): string[] {
  return [...(before ?? []), word];
}

function collectList(word: string, before: string[] | undefined): string[] {
  const words = word.split(",").map((id) => id.trim());
  return [...(before ?? []), ...words.filter((id) => id !== "")];
}
