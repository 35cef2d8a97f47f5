import type { Call } from "../../session/call.ts";
import type { ObservedSlotTable } from "../../session/observed-slot-table.ts";
import type { Sighting } from "../../session/sighting.ts";
import type { Report, Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { Vigils } from "../vigils.ts";

/** Tables without a free slot that are watched at the same time. */
const FULL_TABLES_MAX = 4096;

/** A time in which a table had no free slot. */
interface Full {
  /** The call that took the last one. */
  readonly since: Call;
  readonly slots: number;
}

/** All such times of a table. */
interface Ceiling {
  spells: number;
  totalNanos: number;
  longest: Full;
  /** Where the longest ended. */
  end: Sighting;
}

/** Calls sent again count as outstanding too: with retries about, only a look at each slot tells. */
function isEverySlotBusy(table: ObservedSlotTable): boolean {
  if (table.retries === 0) return true;
  const { allowed } = table;
  for (let id = 0; id < allowed; id++) if (!(table.slots[id]?.isBusy ?? false)) return false;
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
      "Every slot that the server allows had a request outstanding, so that further requests had to wait in the client. The finding sums up all such times of a session; one of them at least lasted for a second.",
    hurts: "The mount is slow although neither network nor server need be: its parallelism is spent.",
    todo: "Raise the number of slots (server: session slots; Linux client: max_session_slots) or find out why requests take long.",
  },
  downgrades: { H: 1 },
  options: { starvedSeconds: 1 },
  watch({ report, option }) {
    const starvedNanos = option("starvedSeconds") * 1e9;
    const full = new Vigils<ObservedSlotTable, Full>((table) => table);
    const ceilings = new Map<ObservedSlotTable, Ceiling>();
    const ended = (table: ObservedSlotTable, spell: Full, at: Sighting) => {
      full.delete(table);
      const known = ceilings.get(table);
      if (known !== undefined) prolong(known, spell, at);
      else if (at.at > spell.since.at && ceilings.size < FULL_TABLES_MAX)
        ceilings.set(table, { spells: 1, totalNanos: at.at - spell.since.at, longest: spell, end: at });
    };
    const relieve = ({ session, channel }: Call, at: Sighting) => {
      const table = session?.table(channel);
      const spell = table === undefined ? undefined : full.get(table);
      if (table !== undefined && spell !== undefined) ended(table, spell, at);
    };
    const answered = (call: Call) => {
      if (call.reply !== null) relieve(call, call.reply);
    };
    const tell = (table: ObservedSlotTable, ceiling: Ceiling) => {
      ceilings.delete(table);
      if (ceiling.end.at - ceiling.longest.since.at >= starvedNanos) report(about(table, ceiling));
    };
    return {
      "table-full": (call) => {
        const table = call.session?.table(call.channel);
        if (table === undefined || full.has(table) || full.size >= FULL_TABLES_MAX) return;
        if (isEverySlotBusy(table)) full.set(table, { since: call, slots: table.allowed });
      },
      "answer-watched": answered,
      answer: answered,
      unanswered: (call) => {
        const { closed } = call.connection;
        // What waits on a living connection still waits when the capture ends.
        if (closed !== null) relieve(call, closed);
      },
      "session-ended"(session) {
        for (const [table, ceiling] of ceilings) if (table.session === session) tell(table, ceiling);
      },
      end(at) {
        for (const [table, spell] of full) {
          const { capture, frame } = spell.since;
          ended(table, spell, { capture, frame, at });
        }
        for (const [table, ceiling] of ceilings) tell(table, ceiling);
      },
    };
  },
};

function prolong(ceiling: Ceiling, spell: Full, end: Sighting): void {
  const nanos = end.at - spell.since.at;
  ceiling.spells++;
  ceiling.totalNanos += nanos;
  if (nanos <= ceiling.end.at - ceiling.longest.since.at) return;
  ceiling.longest = spell;
  ceiling.end = end;
}

/** How long the table was the ceiling, and how full it was over its whole time. */
function about(table: ObservedSlotTable, { spells, totalNanos, longest, end }: Ceiling): Report {
  const { session } = table;
  const { since, slots } = longest;
  const lifeNanos = Math.max(end.at, session.lastReplyAt) - session.firstSeen.at;
  const often = spells === 1 ? "" : `, ${spells} times, ${seconds(end.at - since.at)} at the longest`;
  return {
    session,
    connection: since.connection,
    since: since.at,
    frames: end.frame === since.frame ? [since] : [since, end],
    message: `all ${slots} slots were in use for ${seconds(totalNanos)} of ${seconds(lifeNanos)} (${Math.round((100 * totalNanos) / lifeNanos)} %)${often}`,
  };
}
