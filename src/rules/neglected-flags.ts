import type { Call } from "../session/call.ts";
import type { FlagsSeen, OperationSeen } from "../session/facts.ts";
import type { FlagPeriod } from "../session/flag-history.ts";
import type { ObservedConnection } from "../session/observed-connection.ts";
import type { ObservedSession } from "../session/observed-session.ts";
import { flagNames, statusFlag } from "../session/status-flags.ts";
import { Acts } from "./acts.ts";
import { doubtsOf } from "./client-doubts.ts";
import type { DowngradeCode, Handlers, Report, RuleContext } from "./rule.ts";
import { seconds } from "./seconds.ts";

/** Replies further apart than this part of the client's time remind it once more; those of one burst do so once. */
const REMINDERS_APART = 1 / 10;

/** What flags ask of a client, and how long it may take. */
export interface Duty {
  readonly bits: number;
  /** Times that the client was reminded: after an outage it may not have had the chance to do anything. */
  readonly reminders: number;
  patienceNanos(session: ObservedSession, bits: number): number;
  /** Whether one of the rule's `operations` does, or tries to do, what is asked; every one does unless said otherwise. */
  isAnswer?(seen: OperationSeen): boolean;
  /** Told of every call on a session while one of the flags is set there: whether it is the answer. */
  isAnsweredBy?(call: Call): boolean;
  /** The exchange may be held against the client; every one may unless said otherwise. */
  isDue?(call: Call): boolean;
  /** The flags are wrong, or what they ask for is told by another rule. */
  isExcused?(neglect: Neglect): boolean;
}

/** Flags that nobody did anything about. */
export interface Neglect {
  readonly session: ObservedSession;
  /** The latest exchange whose reply has them. */
  readonly call: Call;
  /** Those of the duty that are set. */
  readonly bits: number;
  /** Of the flag that came up last. */
  readonly period: FlagPeriod;
  readonly elapsedNanos: number;
}

/** Tells, once for each time that it comes up, of a flag that the client left unanswered for too long. RFC 8881 §18.46.3 */
export function watchNeglect(duty: Duty, neglected: (neglect: Neglect) => void): Handlers {
  const acts = new Acts();
  const settled = new WeakSet<FlagPeriod>();
  const reminders = new WeakMap<FlagPeriod, Reminders>();
  const review = ({ call, session, history, flags }: FlagsSeen) => {
    const bits = flags & duty.bits;
    const period = bits === 0 ? null : history.newest(bits);
    if (period === null || settled.has(period)) return;
    const { at } = call.reply!;
    const patience = duty.patienceNanos(session, bits);
    const count = remind(reminders, period, at, patience * REMINDERS_APART);
    const elapsedNanos = at - period.since.at;
    if (count < duty.reminders || elapsedNanos <= patience || duty.isDue?.(call) === false) return;
    const neglect = { session, call, bits, period, elapsedNanos };
    if (acts.lastOf(session) < period.askedAt && !duty.isExcused?.(neglect)) neglected(neglect);
    settled.add(period);
  };
  const look = (call: Call) => {
    if (call.session === null || (call.session.statusFlags & duty.bits) === 0) return;
    if (duty.isAnsweredBy?.(call)) acts.note(call);
  };
  const looking: Handlers = { "call-new-troubled": look, "call-early": look, "call-adopted": look, "call-retry": look };
  return {
    "operation-call"(seen) {
      if (duty.isAnswer?.(seen) ?? true) acts.note(seen.call);
    },
    "status-flags": review,
    ...(duty.isAnsweredBy === undefined ? {} : looking),
  };
}

interface Reminders {
  count: number;
  lastAt: number;
}

function remind(of: WeakMap<FlagPeriod, Reminders>, period: FlagPeriod, at: number, apart: number): number {
  const known = of.get(period);
  if (known === undefined) {
    of.set(period, { count: 1, lastAt: at });
    return 1;
  }
  if (at - known.lastAt >= apart) {
    known.count++;
    known.lastAt = at;
  }
  return known.count;
}

/** What all reports on neglected flags have in common; `undone` says what was not seen: `no BACKCHANNEL_CTL`. */
export function neglectReport(context: RuleContext, neglect: Neglect, undone: string): Report {
  const { session, call, bits, period, elapsedNanos } = neglect;
  const names = flagNames(bits).join(", ");
  return {
    session,
    connection: call.connection,
    since: period.askedAt,
    because: session.client === null ? doubtsAlone(context, call.connection) : doubtsOf(session.client, context),
    frames: [period.since, call.reply!],
    expected: { text: statusFlag(period.bit)!.duty },
    actual: { text: `${names} for ${seconds(elapsedNanos)}` },
    message: `${names} set on ${period.replies} replies for ${seconds(elapsedNanos)}, and ${undone}`,
  };
}

/** The answer may have been in what was cut off or encrypted; of whom the other connections are is not known. */
function doubtsAlone({ capture }: RuleContext, { encrypted }: ObservedConnection): DowngradeCode[] {
  const codes: DowngradeCode[] = [];
  if (capture.firstTruncated !== null) codes.push("T");
  if (encrypted !== null) codes.push("P");
  return codes;
}
