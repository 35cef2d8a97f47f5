import type { Call } from "../session/call.ts";
import { onBackChannel, sectionsOnBackChannel } from "./callback-words.ts";
import type { Fault, Observation, Report, Rule, RuleContext } from "./rule.ts";

/** What a twin says otherwise than its original. */
export interface TwinChanges {
  /** Instead of words that are about the fore channel only. */
  readonly hurts?: string;
  readonly todo?: string;
  /** Implementations that break the fore rule need not break the other: nothing is taken over. */
  readonly seenIn?: string;
  readonly supersedes?: readonly string[];
  /** It keeps silent about these calls: what callbacks may do and other requests may not. */
  readonly unless?: (call: Call) => boolean;
}

/**
 * The same promise on the back channel: the server sends and the client answers. RFC 8881 §2.10.3, §20.9.3:
 * "See Section 18.46.3 for a description of how slots are processed."
 */
export function twinOf(rule: Rule, changes: TwinChanges = {}): Rule {
  return Object.assign(turnedRound(rule, changes), { derivedFrom: rule.id });
}

/** What a twin is made of, for a rule that has an id, or words, of its own. */
export function turnedRound(rule: Rule, changes: TwinChanges = {}): Rule {
  const { id, severity, fault, title, rfc, help, downgrades, oncePerUpheaval, options } = rule;
  const { hurts, todo, seenIn, supersedes = [], unless = () => false } = changes;
  return {
    id: twinId(id),
    severity,
    fault: otherParty(fault),
    // Most runs read none of the texts: they are made when somebody does.
    get title() {
      return `Callbacks: ${lowerFirst(onBackChannel(title))}`;
    },
    get rfc() {
      return rfc === null ? null : sectionsOnBackChannel(rfc);
    },
    get help() {
      return {
        means: onBackChannel(help.means),
        hurts: hurts ?? onBackChannel(help.hurts),
        todo: todo ?? onBackChannel(help.todo),
        ...(seenIn === undefined ? {} : { seenIn }),
      };
    },
    downgrades,
    channel: "back",
    supersedes: [...(rule.supersedes ?? []).map(twinId), ...supersedes],
    ...(oncePerUpheaval === undefined ? {} : { oncePerUpheaval }),
    ...(options === undefined ? {} : { options }),
    watch: (context) => rule.watch(swapped(context, unless)),
  };
}

export function twinId(id: string): string {
  return `backchannel-${id}`;
}

function otherParty(fault: Fault): Fault {
  if (fault === "client") return "server";
  return fault === "server" ? "client" : fault;
}

/** The rule itself goes on as if it watched the fore channel; what it reports is turned round. */
function swapped(context: RuleContext, unless: (call: Call) => boolean): RuleContext {
  return {
    ...context,
    report(report) {
      if (report.call === undefined || !unless(report.call)) context.report(reportOnBackChannel(report));
    },
  };
}

function reportOnBackChannel(report: Report): Report {
  const { fault, message, expected, actual } = report;
  return {
    ...report,
    message: onBackChannel(message),
    ...(fault === undefined ? {} : { fault: otherParty(fault) }),
    ...(expected === undefined ? {} : { expected: observationOnBackChannel(expected) }),
    ...(actual === undefined ? {} : { actual: observationOnBackChannel(actual) }),
  };
}

function observationOnBackChannel(observation: Observation): Observation {
  const { text } = observation;
  return text === undefined ? observation : { ...observation, text: onBackChannel(text) };
}

/** Not of an abbreviation. */
function lowerFirst(text: string): string {
  return /^[A-Z][a-z ]/.test(text) ? text.charAt(0).toLowerCase() + text.slice(1) : text;
}
