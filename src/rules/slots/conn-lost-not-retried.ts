import type { Call } from "../../session/call.ts";
import type { ObservedSlot } from "../../session/observed-slot.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Slots whose last request was lost, remembered until the end of the capture. */
const LOST_SLOTS_MAX = 4096;

/** A request lost with its connection was never retried */
export const connLostNotRetried: Rule = {
  id: "conn-lost-not-retried",
  severity: "warning",
  fault: "client",
  title: "A request lost with its connection was never retried",
  rfc: "RFC 8881 2.10.13.1.2",
  help: {
    means:
      "The connection ended before the reply came, the session lived on, and the request was not sent again within half a lease.",
    hurts: "It does no harm until the slot is used again; then requester and replier may be out of step.",
    todo: "In the client, retry what was outstanding on a lost connection, or destroy the session.",
    seenIn: "Linux client for interrupted requests",
  },
  downgrades: { G: "off", H: 1, R: "off" },
  oncePerUpheaval: true,
  options: { patienceSeconds: 30, leasePercent: 50 },
  watch({ report, option }) {
    const patienceNanos = option("patienceSeconds") * 1e9;
    const leaseShare = option("leasePercent") / 100;
    const lost = new Map<ObservedSlot, Call>();
    return {
      unanswered(call) {
        const { slot, connection } = call;
        if (connection.closed === null || slot === null) return;
        if (lost.has(slot) || lost.size < LOST_SLOTS_MAX) lost.set(slot, call);
      },
      end() {
        for (const [slot, call] of lost) {
          const { session, connection } = call;
          if (session === null || connection.closed === null || !session.isLive) continue;
          const waited = session.lastReplyAt - connection.closed.at;
          if (slot.current !== call || call.retries !== null) continue;
          if (waited <= Math.max(session.server.leaseNanos * leaseShare, patienceNanos)) continue;
          report({
            call,
            // As for slot-abandoned-after-disconnect: the reply may be what the capture lost.
            since: session.firstSeen.at,
            frames: [call, connection.closed],
            expected: { seq: call.seq, text: "the same request again" },
            actual: { text: "nothing on the slot" },
            message: `slot ${call.slotId}: seq ${call.seq} was lost with its connection and not retried in ${seconds(waited)} of further use of the session`,
          });
        }
      },
    };
  },
};
