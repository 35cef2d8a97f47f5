import { NFS4ERR_COMPLETE_ALREADY, statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { completedBefore } from "../reclaim-standing.ts";
import type { Rule } from "../rule.ts";

/** "RECLAIM_COMPLETE should only be done once for each server instance." */
export const reclaimCompleteTwice: Rule = {
  id: "reclaim-complete-twice",
  severity: "warning",
  fault: "client",
  title: "RECLAIM_COMPLETE was sent twice for one client ID",
  rfc: "RFC 8881 18.51.4",
  help: {
    means:
      "A client ID that had said with RECLAIM_COMPLETE that it has nothing more to reclaim said so again, as a new request, without a restart of the server in between.",
    hurts: "The server refuses with NFS4ERR_COMPLETE_ALREADY. The client does not know how far its recovery is.",
    todo: "In the client, send it once for each new client ID and restart of the server; not again with each session.",
  },
  pynfs: ["RECC4"],
  downgrades: { M: 1, G: 1 },
  watch: ({ report }) => ({
    "reclaim-complete"({ call, args, reply, status, client, earlier }) {
      if (args.oneFs || reply === null || client === null || call.original !== null) return;
      const completed = completedBefore(call, client, earlier);
      if (completed === null) return;
      report({
        call,
        since: completed.at,
        frames: [...exchangeFrames(completed), ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_COMPLETE_ALREADY] },
        actual: { status: [status] },
        message: `client ID 0x${client.clientId} sent RECLAIM_COMPLETE again, though its first had succeeded: ${statusName(status)}`,
      });
    },
  }),
};
