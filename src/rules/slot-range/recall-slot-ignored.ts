import type { Call } from "../../session/call.ts";
import type { SlotRecall } from "../../session/observed-slot-table.ts";
import type { Sighting } from "../../session/sighting.ts";
import { answered, answerText } from "../answer.ts";
import { AwaitedCalls } from "../awaited-calls.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isFreshRequest } from "../fresh-request.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { acceptance, isOver } from "../slot-recall.ts";

/** "The client MUST then progress toward reducing the session's highest slot ID to the target value." */
export const recallSlotIgnored: Rule = {
  id: "recall-slot-ignored",
  severity: "warning",
  fault: "client",
  title: "The client agreed to CB_RECALL_SLOT and goes on using the slots",
  rfc: "RFC 8881 20.8.3, 20.8.4",
  help: {
    means:
      "The client answered CB_RECALL_SLOT with NFS4_OK. Long after that it still starts new requests on slots above the target, and no reply since has named a higher one.",
    hurts: "The server does not get its slots back and may answer NFS4ERR_BADSLOT next.",
    todo: "In the client, let CB_RECALL_SLOT lower the highest slot that new requests may use.",
  },
  downgrades: { H: 1, G: "off" },
  supersedes: ["client-ignores-target-highest-slotid"],
  options: { patienceSeconds: 10 },
  watch({ report, option }) {
    const patienceNanos = option("patienceSeconds") * 1e9;
    const awaited = new AwaitedCalls<{ recall: SlotRecall; accepted: Sighting }>((call, { recall, accepted }) =>
      report({
        call,
        since: recall.call.at,
        frames: [recall.call, accepted, ...exchangeFrames(call)],
        expected: { slot: recall.target },
        actual: { ...answered(call), slot: call.slotId },
        message: `slot ${call.slotId} was used (seq ${call.seq}) ${seconds(call.at - accepted.at)} after the client had agreed to go down to slot ${recall.target}; ${answerText(call)}`,
      }),
    );
    return {
      "call-above-limit"(call) {
        const recall = ignoredBy(call);
        const accepted = recall === null ? null : acceptance(recall);
        if (recall === null || accepted === null) return;
        const patience = Math.max(patienceNanos, (call.session?.server.leaseNanos ?? 0) / 3);
        if (call.at - accepted.at > patience) awaited.add(call, { recall, accepted });
      },
      ...awaited.handlers,
    };
  },
};

function ignoredBy(call: Call): SlotRecall | null {
  if (call.session === null || !isFreshRequest(call)) return null;
  const table = call.session.table(call.channel);
  const { recall } = table;
  return recall === null || recall.target < 0 || call.slotId <= recall.target || isOver(recall, table) ? null : recall;
}
