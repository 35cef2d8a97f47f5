import { NFS4ERR_NO_GRACE, OP_LOCK, OP_OPEN, OP_WANT_DELEGATION, operationName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { completedBefore } from "../reclaim-standing.ts";
import type { Rule } from "../rule.ts";

/** "Once a RECLAIM_COMPLETE is done, there can be no further reclaim operations." */
export const reclaimAfterComplete: Rule = {
  id: "reclaim-after-complete",
  severity: "error",
  fault: "client",
  title: "A lock was reclaimed after RECLAIM_COMPLETE",
  rfc: "RFC 8881 18.51.3",
  help: {
    means:
      "The client had declared with RECLAIM_COMPLETE that it reclaimed everything, and then sent OPEN, LOCK or WANT_DELEGATION as a reclaim; the server answered NFS4ERR_NO_GRACE. A reclaim that is granted is not reported: the file system may just have come over from another server.",
    hurts:
      "The client claims a lock that may have been given to somebody else meanwhile. It is refused, and the program that relied on the lock must be told.",
    todo: "In the client, send RECLAIM_COMPLETE last, and give up for good what was not reclaimed by then.",
  },
  pynfs: ["RECC2"],
  downgrades: { M: 1, H: 1, G: 1 },
  operations: [OP_OPEN, OP_LOCK, OP_WANT_DELEGATION],
  watch: ({ report }) => ({
    "operation-result"({ call, operation, status }) {
      // Only reclaims are refused with it. RFC 8881 §15.1.9.3
      if (status !== NFS4ERR_NO_GRACE || call.original !== null) return;
      const client = call.session?.client ?? null;
      const completed = client === null ? null : completedBefore(call, client);
      if (client === null || completed === null) return;
      report({
        call,
        since: completed.at,
        frames: [...exchangeFrames(completed), ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_NO_GRACE] },
        actual: { status: [status] },
        message: `${operationName(operation)} of client ID 0x${client.clientId} was a reclaim, after its RECLAIM_COMPLETE had succeeded: NFS4ERR_NO_GRACE`,
      });
    },
  }),
};
