import type { Call, Reply } from "./call.ts";
import type { FactSink } from "./facts.ts";
import type { ObservedSession } from "./observed-session.ts";
import type { Sighting } from "./sighting.ts";

/** An unbroken time in which the replies of a session had a bit of sr_status_flags set. */
export interface FlagPeriod {
  readonly bit: number;
  /** When the first request whose reply had it was sent: what the client did from then on may be its answer. */
  readonly askedAt: number;
  /** The first reply that had it. */
  readonly since: Sighting;
  /** It was set from the session's first reply on. */
  readonly isFromStart: boolean;
  /** Replies that had it, as far as they count: see `noteStatusFlags`. */
  replies: number;
}

/** The flags of a session whose replies are not, or were not always, without any. */
export class FlagHistory {
  /** By bit, of the bits that are set now. */
  readonly periods = new Map<number, FlagPeriod>();
  countedAt = Number.NEGATIVE_INFINITY;

  /** When the youngest of these bits came up; null when none is set. */
  newest(bits: number): FlagPeriod | null {
    let newest: FlagPeriod | null = null;
    for (const period of this.periods.values()) {
      if ((period.bit & bits) !== 0 && (newest === null || period.since.at > newest.since.at)) newest = period;
    }
    return newest;
  }

  count(call: Call, { statusFlags, capture, frame, at }: Reply, isFromStart: boolean): void {
    for (const { bit } of this.periods.values()) if ((statusFlags & bit) === 0) this.periods.delete(bit);
    for (let bits = statusFlags; bits !== 0; bits &= bits - 1) {
      const bit = (bits & -bits) >>> 0;
      const period = this.periods.get(bit);
      if (period !== undefined) period.replies++;
      else {
        const since = { capture, frame, at };
        this.periods.set(bit, { bit, askedAt: call.at, since, isFromStart, replies: 1 });
      }
    }
    this.countedAt = at;
  }
}

/**
 * Takes in what a reply says in sr_status_flags, if it says anything or the one before did. A reply counts when its
 * request was sent after the last one that counted: requests that run side by side may be answered in another order
 * than that in which the server looked at its flags. Replies to retries repeat old ones (§2.10.6.1.1).
 */
export function noteStatusFlags(session: ObservedSession, call: Call, reply: Reply, emit: FactSink): void {
  if (call.original !== null || call.verdict === "adopted" || call.verdict === "behind") return;
  session.flagHistory ??= new FlagHistory();
  session.isTroubled = true;
  const history = session.flagHistory;
  if (call.at <= history.countedAt) return;
  let before = session.statusFlags;
  if (before !== 0 && reply.at - history.countedAt > session.server.leaseNanos) {
    // A client renews its lease in time: what was not captured meanwhile may have changed everything.
    history.periods.clear();
    before = reply.statusFlags;
  }
  session.statusFlags = reply.statusFlags;
  history.count(call, reply, session.repliesSeen === 1);
  emit("status-flags", { call, session, history, before, flags: reply.statusFlags });
}
