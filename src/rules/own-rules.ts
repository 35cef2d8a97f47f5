import { FACT_KINDS } from "./fact-kinds.ts";
import { DOWNGRADES, FAULTS, type Handlers, type Report, type Rule, type RuleContext } from "./rule.ts";

/** Something is wrong with a rule of the user's own; the message is one line and names it. */
export class OwnRuleError extends Error {
  constructor(message: string) {
    super(message.replace(/\s*\n\s*/g, " "));
    this.name = "OwnRuleError";
  }
}

type Check = (value: unknown) => boolean;

const isString: Check = (value) => typeof value === "string" && value !== "";
const isOneOf =
  (words: readonly unknown[]): Check =>
  (value) =>
    words.includes(value);
const isListOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) && value.every(check);
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isRecordOf =
  (isKey: Check, check: Check): Check =>
  (value) =>
    isRecord(value) && Object.entries(value).every(([key, member]) => isKey(key) && check(member));
const isOptional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

/** What each member of a rule has to be, in words and as a check. */
const MEMBERS: Readonly<Record<keyof Rule, readonly [words: string, check: Check]>> = {
  id: [
    "lower-case words joined by hyphens",
    (value) => typeof value === "string" && /^[a-z0-9]+(-[a-z0-9]+)*$/.test(value),
  ],
  severity: ["error, warning or note", isOneOf(["error", "warning", "note"])],
  fault: [`one of ${FAULTS.join(", ")}`, isOneOf(FAULTS)],
  title: ["a string", isString],
  rfc: ["a string or null", (value) => value === null || isString(value)],
  help: [
    "an object with the strings means, hurts and todo",
    (value) => isRecord(value) && [value.means, value.hurts, value.todo].every(isString),
  ],
  pynfs: ["a list of strings", isOptional(isListOf(isString))],
  downgrades: [
    `an object with codes (${Object.keys(DOWNGRADES).join(" ")}) that cost 1, 2 or "off"`,
    isRecordOf(isOneOf(Object.keys(DOWNGRADES)), isOneOf([1, 2, "off"])),
  ],
  channel: ["fore, back or both", isOptional(isOneOf(["fore", "back", "both"]))],
  supersedes: ["a list of rule ids", isOptional(isListOf(isString))],
  oncePerUpheaval: ["true or false", isOptional((value) => typeof value === "boolean")],
  options: ["an object of numbers", isOptional(isRecordOf(isString, Number.isFinite))],
  operations: ["a list of operation numbers", isOptional(isListOf(Number.isInteger))],
  callbackOperations: ["a list of operation numbers", isOptional(isListOf(Number.isInteger))],
  derivedFrom: ["left out", (value) => value === undefined],
  source: ["left out", (value) => value === undefined],
  watch: ["a function", (value) => typeof value === "function"],
};

/**
 * The rules that a module of the user's own gives as its default export, checked as no compiler checked them.
 * `source` is the file's name, `taken` the ids that it must not use.
 */
export function ownRules(exported: unknown, source: string, taken: ReadonlySet<string>): Rule[] {
  if (!Array.isArray(exported)) throw new OwnRuleError(`${source}: its default export must be an array of rules`);
  const ids = new Set(taken);
  return exported.map((value: unknown, index) => {
    const rule = checked(value, `${source}: ${nameOf(value, index)}`);
    if (ids.has(rule.id)) throw new OwnRuleError(`${source}: there is a rule ${rule.id} already`);
    ids.add(rule.id);
    return guarded({ ...rule, source });
  });
}

function nameOf(value: unknown, index: number): string {
  return isRecord(value) && typeof value.id === "string" ? `rule ${value.id}` : `rule number ${index + 1}`;
}

function checked(value: unknown, name: string): Rule {
  if (!isRecord(value)) throw new OwnRuleError(`${name} must be an object`);
  for (const key of Object.keys(value))
    if (!Object.hasOwn(MEMBERS, key)) throw new OwnRuleError(`${name}: rules have no member ${key}`);
  for (const [key, [words, check]] of Object.entries(MEMBERS))
    if (!check(value[key])) throw new OwnRuleError(`${name}: ${key} must be ${words}`);
  return value as unknown as Rule;
}

type Attempt = <T>(what: string, act: () => T) => T;

/** A mistake in it is told as the user's, not as ours. */
function guarded(rule: Rule): Rule {
  const attempt: Attempt = (what, act) => {
    try {
      return act();
    } catch (error) {
      if (error instanceof OwnRuleError) throw error;
      throw new OwnRuleError(`${rule.source}: rule ${rule.id} failed in ${what}: ${String(error)}`);
    }
  };
  return {
    ...rule,
    watch(context) {
      const handlers: unknown = attempt("watch", () => rule.watch(checking(rule, context, attempt)));
      const given = checkedHandlers(handlers, `${rule.source}: rule ${rule.id}`);
      return Object.fromEntries(
        given.map(([kind, handle]) => [kind, (fact: unknown) => attempt(kind, () => handle(fact))]),
      ) as Handlers;
    },
  };
}

/** A handler for a fact that does not exist would never be heard of again. */
function checkedHandlers(handlers: unknown, name: string): [string, (fact: unknown) => void][] {
  if (!isRecord(handlers)) throw new OwnRuleError(`${name}: watch must give an object with a function for each fact`);
  for (const [kind, handle] of Object.entries(handlers)) {
    if (!Object.hasOwn(FACT_KINDS, kind)) throw new OwnRuleError(`${name}: watch: there is no fact ${kind}`);
    if (typeof handle !== "function") throw new OwnRuleError(`${name}: watch: ${kind} must be a function`);
  }
  return Object.entries(handlers) as [string, (fact: unknown) => void][];
}

function checking({ id, source }: Rule, context: RuleContext, attempt: Attempt): RuleContext {
  return {
    ...context,
    report(report: Report) {
      if (typeof report?.message !== "string" || !Array.isArray(report.frames))
        throw new OwnRuleError(`${source}: rule ${id} made a report without message or frames`);
      const { holds } = report;
      context.report(holds === undefined ? report : { ...report, holds: () => attempt("holds", holds) });
    },
  };
}
