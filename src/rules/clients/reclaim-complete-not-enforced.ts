import { NFS4_OK, NFS4ERR_GRACE, operationName } from "../../nfs4/constants.ts";
import { LOCKING_OPERATIONS, watchEarlyLocks } from "../early-locks.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** "An NFS4ERR_GRACE error will be returned." */
export const reclaimCompleteNotEnforced: Rule = {
  id: "reclaim-complete-not-enforced",
  severity: "warning",
  fault: "server",
  title: "The server granted a lock to a new client before its RECLAIM_COMPLETE",
  rfc: "RFC 8881 18.51.3",
  help: {
    means:
      "A new client ID asked for a lock that is no reclaim before it sent RECLAIM_COMPLETE, and got it. The answer should be NFS4ERR_GRACE.",
    hurts:
      "The client can take locks that others have not reclaimed yet, and reclaim its own afterwards: after a restart two clients may hold the same lock.",
    todo: "In the server, refuse locks with NFS4ERR_GRACE until the client ID has sent RECLAIM_COMPLETE with rca_one_fs false.",
    seenIn: "DittoFS",
  },
  pynfs: ["RECC3"],
  downgrades: { M: "off", H: 1, G: "off", P: "off", T: "off" },
  operations: LOCKING_OPERATIONS,
  watch: (context) =>
    watchEarlyLocks(context, ({ call, operation, client, status, doubts }) => {
      if (status !== NFS4_OK) return;
      context.report({
        call,
        ...doubts,
        frames: [client.firstSeen, ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_GRACE] },
        actual: { status: [status] },
        message: `${operationName(operation)} of new client ID 0x${client.clientId} succeeded before any RECLAIM_COMPLETE`,
      });
    }),
};
