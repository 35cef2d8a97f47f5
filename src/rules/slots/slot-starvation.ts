import type { Call } from "../../session/call.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import type { Sighting } from "../../session/sighting.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** Tables without a free slot that are watched at the same time. */
const FULL_TABLES_MAX = 4096;

/** A time in which a table had no free slot. */
interface Full {
  /** The call that took the last one. */
  readonly since: Call;
  readonly slots: number;
}

/** Slots that may be used at once; Infinity while nobody knows. */
function allowed({ limit, highestSlotId, targetHighestSlotId }: ObservedSlotTable): number {
  const current = Math.min(
    highestSlotId < 0 ? limit : highestSlotId,
    targetHighestSlotId < 0 ? limit : targetHighestSlotId,
  );
  return current < 0 ? Number.POSITIVE_INFINITY : current + 1;
}

/** Calls sent again count as outstanding too: with retries about, only a look at each slot tells. */
function isFull(table: ObservedSlotTable): boolean {
  if (table.retries === 0) return true;
  const slots = allowed(table);
  for (let id = 0; id < slots; id++) if (!(table.slots[id]?.isBusy ?? false)) return false;
  return true;
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
  options: { starvedSeconds: 1 },
  watch({ report, option }) {
    const starvedNanos = option("starvedSeconds") * 1e9;
    const full = new Map<ObservedSlotTable, Full>();
    const relieve = ({ session, channel }: Call, at: Sighting) => {
      const table = session?.table(channel);
      const spell = table === undefined ? undefined : full.get(table);
      if (table === undefined || spell === undefined) return;
      full.delete(table);
      if (at.at - spell.since.at >= starvedNanos) tell(report, spell, at);
    };
    const answered = (call: Call) => {
      if (full.size > 0 && call.reply !== null) relieve(call, call.reply);
    };
    return {
      "call-new": (call) => {
        const table = call.session?.table(call.channel);
        if (table === undefined || table.outstanding < allowed(table) || full.has(table)) return;
        if (full.size < FULL_TABLES_MAX && isFull(table)) full.set(table, { since: call, slots: allowed(table) });
      },
      "answer-clean": answered,
      answer: answered,
      unanswered: (call) => {
        const { closed } = call.connection;
        // What waits on a living connection still waits when the capture ends.
        if (closed !== null) relieve(call, closed);
      },
      end(at) {
        for (const spell of full.values()) {
          const { capture, frame } = spell.since;
          if (at - spell.since.at >= starvedNanos) tell(report, spell, { capture, frame, at });
        }
      },
    };
  },
};

function tell(report: RuleContext["report"], { since, slots }: Full, end: Sighting): void {
  report({
    session: since.session,
    connection: since.connection,
    since: since.at,
    frames: end.frame === since.frame ? [since] : [since, end],
    message: `all ${slots} slots were in use for ${seconds(end.at - since.at)}`,
  });
}
