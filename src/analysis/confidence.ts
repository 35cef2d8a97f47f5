import type { Confidence, DowngradeCode, Report, Rule } from "../rules/rule.ts";
import type { Call } from "../session/call.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";

const STEPS: readonly Confidence[] = ["certain", "likely", "possible"];

export interface Judged {
  confidence: Confidence;
  downgrades: DowngradeCode[];
}

/** What orders two sightings on different connections; see RuleContext.isOrdered. */
type Ordering = (report: Report) => boolean;

/** How sure a report can be, null when the situation forbids it: `src/rules/README.md`. */
export function judgeConfidence(rule: Rule, report: Report, isOrdered: Ordering): Judged | null {
  // "A gap must never accuse anyone": what is missing may be the very message that would explain it all. First, because
  // in a capture with holes it is the usual case.
  if (rule.downgrades.G !== undefined && isHiddenByGap(report, doubtfulSince(report))) return null;
  const downgrades: DowngradeCode[] = [];
  let steps = 0;
  for (const code of situations(report, isOrdered)) {
    const cost = rule.downgrades[code];
    if (cost === undefined || downgrades.includes(code)) continue;
    if (cost === "off" || code === "G" || (code === "M" && isUnknown(report))) return null;
    downgrades.push(code);
    steps += cost;
  }
  const confidence = STEPS[steps];
  return confidence === undefined ? null : { confidence, downgrades };
}

/** All of them but holes; one that a rule knows of may be named twice. */
function situations(report: Report, isOrdered: Ordering): DowngradeCode[] {
  const codes: DowngradeCode[] = report.because === undefined ? [] : [...report.because];
  const { call } = report;
  const session = report.session ?? call?.session ?? null;
  if (session !== null && isAdopted(call, session)) codes.push("M");
  if (session?.otherPaths != null) codes.push("H");
  if (!isOrdered(report)) codes.push("O");
  if (call !== undefined) {
    if (!hasBothWays(call.connection)) codes.push("R");
    if (call.truncated) codes.push("T");
    if (call.connection.encrypted === "krb5p") codes.push("P");
  }
  return codes;
}

/** An answer of either end was seen. */
function hasBothWays({ lastReplyAt, lastCallbackReplyAt }: ObservedConnection): boolean {
  return lastReplyAt !== Number.NEGATIVE_INFINITY || lastCallbackReplyAt !== Number.NEGATIVE_INFINITY;
}

/** Nothing was ever proven of the slot. */
function isUnknown({ call }: Report): boolean {
  return call?.slot != null && call.slot.anchor === "adopted" && call.slot.cleanRun === 0;
}

function isAdopted(call: Call | undefined, session: ObservedSession): boolean {
  if (call?.slot == null) return session.created === null;
  return !call.slot.isTrusted;
}

/** From when on a hole in the capture could explain it. */
export function doubtfulSince({ since, call, frames }: Report): number {
  return since ?? call?.slot?.cleanAt ?? frames[0]?.at ?? Number.POSITIVE_INFINITY;
}

/**
 * Bytes are missing from the capture between `since` and the report's last frame, on any connection of its session
 * or between its two parties.
 */
export function isHiddenByGap(
  report: Report,
  since: number,
  connections: readonly ObservedConnection[] = connectionsOf(report),
): boolean {
  const last = report.frames.at(-1);
  if (last === undefined) return false;
  const session = report.session ?? report.call?.session ?? null;
  if (session?.hasGapBetween(since, last.at)) return true;
  // A connection on which the session was never seen to succeed is not among the session's own.
  return connections.some(({ gapsAround }) => gapsAround.hasBetween(since, last.at));
}

/** Bytes on its connections were acknowledged that did not turn up until now. */
export function isHiddenByTail(connections: readonly ObservedConnection[]): boolean {
  return connections.some(({ stream }) => stream?.hasUnseenBytes ?? false);
}

/** Those of the calls that it is about; to be asked before the calls forget each other. */
export function connectionsOf({ connection, call }: Report): ObservedConnection[] {
  const all: ObservedConnection[] = [];
  if (connection != null) all.push(connection);
  if (call === undefined) return all;
  all.push(call.connection);
  if (call.previous !== null) all.push(call.previous.connection);
  if (call.original !== null) all.push(call.original.connection);
  return all;
}
