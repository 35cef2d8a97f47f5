import type { ObservedSlotTable, SlotRecall } from "../../session/observed-slot-table.ts";
import type { Rule, RuleContext } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { acceptance, isOver } from "../slot-recall.ts";
import { highestInUse } from "../slots-in-use.ts";

/** Recalls watched at the same time, one a session. */
const RECALLS_MAX = 4096;

/** Since when the client could have said that it is done. */
interface Pending {
  readonly recall: SlotRecall;
  drainedAt: number;
}

/** "Then send a single COMPOUND consisting of a single SEQUENCE operation, with … rsa_target_highest_slotid." */
export const recallSlotNotConfirmed: Rule = {
  id: "recall-slot-not-confirmed",
  severity: "note",
  fault: "client",
  title: "The client agreed to CB_RECALL_SLOT and did not say when it was done",
  rfc: "RFC 8881 20.8.3",
  help: {
    means:
      "The client answered CB_RECALL_SLOT with NFS4_OK and no slot above the target was in use any more, but no request with an sa_highest_slotid at or below the target followed.",
    hurts: "The server must keep the slots until it hears that.",
    todo: "In the client, send a lone SEQUENCE with the new sa_highest_slotid once the upper slots are free, also when the mount is idle.",
  },
  downgrades: { H: 1, G: "off" },
  channel: "back",
  options: { patienceSeconds: 10 },
  watch({ report, option }) {
    const patienceNanos = option("patienceSeconds") * 1e9;
    const pending = new Map<ObservedSlotTable, Pending>();
    return {
      "slot-recall": ({ call, table }) => {
        const { recall } = table;
        if (recall === null || recall.target < 0 || (pending.size >= RECALLS_MAX && !pending.has(table))) return;
        pending.set(table, { recall, drainedAt: call.at });
      },
      tick(now) {
        for (const [table, each] of pending)
          if (isSettled(each, table, now, patienceNanos, report)) pending.delete(table);
      },
    };
  },
};

/** Nothing more is to be expected of it: it was confirmed or taken back, or is told of now. */
function isSettled(
  each: Pending,
  table: ObservedSlotTable,
  now: number,
  patienceNanos: number,
  report: RuleContext["report"],
): boolean {
  const { recall } = each;
  const { session } = table;
  if (!session.isLive || isOver(recall, table)) return true;
  const accepted = acceptance(recall);
  if (accepted === null) return !recall.call.isOutstanding;
  if (isConfirmed(recall, table, accepted.at)) return true;
  const isConnected = [...session.connections.keys()].some(({ isOpen }) => isOpen);
  if (!isConnected || highestInUse(table, now) > recall.target) each.drainedAt = now;
  const waited = now - Math.max(accepted.at, each.drainedAt);
  if (waited <= patienceNanos) return false;
  report({
    session,
    connection: recall.call.connection,
    since: recall.call.at,
    frames: [recall.call, accepted],
    expected: { text: `SEQUENCE with highest_slotid of ${recall.target} or less` },
    message: `the client agreed to go down to slot ${recall.target} and did not say so in any request within ${seconds(waited)}`,
  });
  return true;
}

function isConfirmed({ target }: SlotRecall, table: ObservedSlotTable, acceptedAt: number): boolean {
  for (const { current } of table.used())
    if (current !== null && current.at > acceptedAt && current.highestSlotId <= target) return true;
  return false;
}
