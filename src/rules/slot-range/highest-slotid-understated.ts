import type { Call } from "../../session/call.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import { isFreshRequest } from "../fresh-request.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** How long a request must have been outstanding: not just sent, and not given up either. */
interface Outstanding {
  readonly least: number;
  readonly most: number;
}

/** Requests that were left out, within the time in which a request counts as outstanding. */
interface Omissions {
  count: number;
  latest: Call;
}

/** "The requester MUST always indicate the slot ID representing the outstanding request with the highest-numbered slot." */
export const highestSlotidUnderstated: Rule = {
  id: "highest-slotid-understated",
  severity: "warning",
  fault: "client",
  title: "highest_slotid leaves out slots that have requests outstanding",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "Again and again requests named an sa_highest_slotid below another slot whose request had been sent well before and was not answered yet.",
    hurts:
      "A server that shrinks its tables by this value may free slots whose requests it is executing; their retries then fail.",
    todo: "In the client, work out sa_highest_slotid over all slots with a request outstanding, on all connections of the session.",
    seenIn: "clients that name their own slot, or the highest slot of the connection instead of the session's",
  },
  downgrades: { O: 1, R: "off", H: 1, G: "off" },
  options: { outstandingMillis: 100, outstandingMostSeconds: 60, requests: 3 },
  watch({ report, option }) {
    const age = { least: option("outstandingMillis") * 1e6, most: option("outstandingMostSeconds") * 1e9 };
    const requestsMin = option("requests");
    const byTable = new WeakMap<ObservedSlotTable, Omissions>();
    return {
      "highest-slot-understated"(call) {
        const table = call.session?.table(call.channel);
        if (table === undefined || call.highestSlotId < call.slotId || !isFreshRequest(call)) return;
        const omitted = omittedBy(call, table, age);
        if (omitted === null) return;
        // A client that gave up one request names none of its slots: only several of them count.
        const seen = count(byTable.get(table), omitted, age.most);
        byTable.set(table, seen);
        if (seen.count < requestsMin) return;
        report({
          call,
          since: omitted.at,
          frames: [omitted, call],
          expected: { text: `highest_slotid of ${omitted.slotId} or more` },
          actual: { slot: call.slotId, text: `highest_slotid ${call.highestSlotId}` },
          message: `slot ${call.slotId} was used (seq ${call.seq}) with highest_slotid ${call.highestSlotId} while slot ${omitted.slotId} had been waiting for its reply for ${seconds(call.at - omitted.at)}`,
        });
      },
    };
  },
};

function count(before: Omissions | undefined, omitted: Call, mostNanos: number): Omissions {
  if (before === undefined || omitted.at - before.latest.at > mostNanos) return { count: 1, latest: omitted };
  return before.latest === omitted ? before : { count: before.count + 1, latest: omitted };
}

/** The highest slot's outstanding request that the call should have known of. */
function omittedBy(call: Call, table: ObservedSlotTable, { least, most }: Outstanding): Call | null {
  const { roundTripNanos } = call.connection;
  const patience = Number.isFinite(roundTripNanos) ? Math.max(least, roundTripNanos) : least;
  for (let id = table.highestWaiting; id > call.highestSlotId; id--) {
    const slot = table.slots[id];
    const waiting = slot?.waiting;
    if (slot === undefined || waiting == null || slot.recoveringFrom !== null || waiting.connection.closing !== null)
      continue;
    const waited = call.at - waiting.at;
    if (waited > patience && waited < most) return waiting;
  }
  return null;
}
