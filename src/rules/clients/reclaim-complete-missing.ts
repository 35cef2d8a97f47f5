import { NFS4ERR_GRACE, operationName, statusName } from "../../nfs4/constants.ts";
import { LOCKING_OPERATIONS, watchEarlyLocks } from "../early-locks.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A new client ID says first that it has nothing (more) to reclaim. */
export const reclaimCompleteMissing: Rule = {
  id: "reclaim-complete-missing",
  severity: "error",
  fault: "client",
  title: "A new client asked for locks before RECLAIM_COMPLETE",
  rfc: "RFC 8881 18.51.3",
  help: {
    means:
      "A client ID was made, and the first OPEN, LOCK, LAYOUTGET or delegation that is no reclaim came before RECLAIM_COMPLETE with rca_one_fs false. The RFC demands it even where there is nothing to reclaim.",
    hurts:
      "A correct server answers NFS4ERR_GRACE until it comes, so that the client hangs. A server that waits for all clients keeps its grace period open.",
    todo: "In the client, send RECLAIM_COMPLETE after CREATE_SESSION has confirmed a new client ID, after all reclaims.",
  },
  pynfs: ["RECC3"],
  downgrades: { M: "off", H: 1, G: "off", P: "off", T: "off", R: 1 },
  operations: LOCKING_OPERATIONS,
  watch: (context) =>
    watchEarlyLocks(context, ({ call, operation, client, status, doubts }) => {
      const answer = status === null ? "no answer was seen" : `the server answered ${statusName(status)}`;
      context.report({
        call,
        ...doubts,
        frames: [client.firstSeen, ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_GRACE], text: "RECLAIM_COMPLETE first" },
        ...(status === null ? {} : { actual: { status: [status] } }),
        message: `${operationName(operation)} of new client ID 0x${client.clientId} came before any RECLAIM_COMPLETE: ${answer}`,
      });
    }),
};
