import type { Call } from "../session/call.ts";
import type { Handlers } from "./rule.ts";

/** Overdue calls remembered until the end of the capture. */
const OVERDUE_MAX = 4096;

/** How long a reply may take before its slot counts as leaked: so long, and longer than the lease. */
export function patienceFor({ session }: Call, atLeastNanos: number): number {
  return Math.max(atLeastNanos, session?.server.leaseNanos ?? 0);
}

/**
 * Tells, when the capture is over, of each call that was never answered although its connection lived,
 * and for how long. RFC 8881 §2.9.2
 */
export function watchOverdue(atLeastNanos: number, overdue: (call: Call, waitedNanos: number) => void): Handlers {
  const unanswered: Call[] = [];
  // Their xid was taken over by a later call: what answered that may have been meant for them.
  const displaced = new WeakSet<Call>();
  return {
    "xid-reused": ({ earlier }) => void displaced.add(earlier),
    unanswered(call) {
      const { connection, slot } = call;
      if (connection.closed !== null || slot === null || displaced.has(call) || call.repliedElsewhere !== null) return;
      // The reply may be in any hole since.
      if (connection.hasGapBetween(call.at, Number.POSITIVE_INFINITY)) return;
      if (unanswered.length < OVERDUE_MAX) unanswered.push(call);
    },
    end(at) {
      for (const call of unanswered) {
        const waited = at - call.at;
        if (waited > patienceFor(call, atLeastNanos) && call.retries === null && call.session?.isLive)
          overdue(call, waited);
      }
    },
  };
}
