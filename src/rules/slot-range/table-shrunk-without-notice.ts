import { NFS4_OK, NFS4ERR_BADSLOT } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { isRecalled } from "../slot-recall.ts";

/** What the server last named, or granted if it named none yet. */
function promised({ session, channel }: Call): number {
  const table = session?.table(channel);
  return table === undefined ? -1 : table.highestSlotId < 0 ? table.limit : table.highestSlotId;
}

/** A slot may only go after the client was told. */
export const tableShrunkWithoutNotice: Rule = {
  id: "table-shrunk-without-notice",
  severity: "error",
  fault: "server",
  title: "The server refused a slot that it had promised",
  rfc: "RFC 8881 2.10.6.1, 20.8.4",
  help: {
    means:
      "A new request was answered NFS4ERR_BADSLOT although its slot is not above the highest slot that the server last named. It had never named a lower one, nor asked for slots back in any other way.",
    hurts: "A client that follows the rules loses requests and cannot know which slots are left.",
    todo: "In the server, name the smaller table in sr_highest_slotid (after the target) before any slot is refused.",
  },
  downgrades: { M: 1, G: "off", H: 1 },
  watch: ({ report }) => ({
    answer(call) {
      const { reply, session, slotId } = call;
      if (reply?.sequenceStatus !== NFS4ERR_BADSLOT || session === null) return;
      const table = session.table(call.channel);
      const isNew = call.verdict === "new" || call.verdict === "early";
      const limit = promised(call);
      if (!isNew || slotId > limit || table.wasLowered || isRecalled(table, slotId)) return;
      report({
        call,
        since: session.firstSeen.at,
        // Told at the same time on another connection, the client was told.
        holds: () => session.connections.size === 1 || !table.wasLowered,
        frames: exchangeFrames(call),
        expected: { status: [NFS4_OK], slot: slotId },
        actual: { status: [NFS4ERR_BADSLOT], slot: slotId },
        message: `slot ${slotId} seq ${call.seq} was refused with NFS4ERR_BADSLOT, slots up to ${limit} had been promised and never taken back`,
      });
    },
  }),
};
