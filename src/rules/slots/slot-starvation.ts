import type { Call } from "../../session/call.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

const STARVED_NANOS = 1e9;

/** Slots that may be used at once; Infinity while nobody knows. */
function allowed({ limit, highestSlotId, targetHighestSlotId }: ObservedSlotTable): number {
  const current = Math.min(
    highestSlotId < 0 ? limit : highestSlotId,
    targetHighestSlotId < 0 ? limit : targetHighestSlotId,
  );
  return current < 0 ? Number.POSITIVE_INFINITY : current + 1;
}

/** All slots were in use for a second and more */
export const slotStarvation: Rule = {
  id: "slot-starvation",
  severity: "note",
  fault: "none",
  title: "All slots were in use for a second and more",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "Every slot that the server allows had a request outstanding, so that further requests had to wait in the client.",
    hurts: "The mount is slow although neither network nor server need be: its parallelism is spent.",
    todo: "Raise the number of slots (server: session slots; Linux client: max_session_slots) or find out why requests take long.",
  },
  downgrades: { H: 1 },
  watch({ report }) {
    const full = new WeakMap<ObservedSlotTable, Call>();
    let fullTables = 0;
    const relieved = (call: Call) => {
      if (fullTables === 0 || call.session === null || call.reply === null) return;
      const table = call.session.fore;
      const since = full.get(table);
      if (since === undefined) return;
      full.delete(table);
      fullTables--;
      const duration = call.reply.at - since.at;
      if (duration < STARVED_NANOS) return;
      report({
        session: call.session,
        connection: call.connection,
        frames: [since, call.reply],
        message: `all ${allowed(table)} slots were in use for ${seconds(duration)}`,
      });
    };
    return {
      "call-new": (call) => {
        const table = call.session?.fore;
        if (table === undefined || table.outstanding < allowed(table) || full.has(table)) return;
        full.set(table, call);
        fullTables++;
      },
      "answer-clean": relieved,
      answer: relieved,
    };
  },
};
