import {
  NFS4_OK,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
  statusName,
} from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { acceptedBefore, isRepeat } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** A finished request that is sent again gets its reply, or is told that it was not kept. */
export const serverRejectedRetry: Rule = {
  id: "server-rejected-retry",
  severity: "error",
  fault: "server",
  title: "The server refused to answer a true retry",
  rfc: "RFC 8881 2.10.6.1, 2.10.6.1.3",
  help: {
    means:
      "The same request of the same user came again under its slot and sequence id after it had been answered, and SEQUENCE failed with NFS4ERR_SEQ_MISORDERED or NFS4ERR_SEQ_FALSE_RETRY.",
    hurts:
      "A client that lost the reply with its connection cannot learn whether its request was executed: that is what the reply cache is for.",
    todo: "In the server, compare only what makes a request: operations, arguments and user, not xid, tag, verifier or sa_highest_slotid.",
    seenIn: "servers that hash the whole call, sa_highest_slotid and tag included",
  },
  downgrades: { G: "off", H: 2, T: "off", U: 1 },
  oncePerUpheaval: true,
  watch: ({ report, isOrdered }) => ({
    answer(call) {
      const { reply } = call;
      const status = reply?.sequenceStatus;
      if (reply === null || (status !== NFS4ERR_SEQ_MISORDERED && status !== NFS4ERR_SEQ_FALSE_RETRY)) return;
      if (!isRepeat(call) || call.original.truncated || call.original.principal !== call.principal) return;
      const accepted = acceptedBefore(call);
      if (accepted?.reply == null || !isOrdered(accepted.reply, accepted.connection, call, call.connection)) return;
      report({
        call,
        since: accepted.at,
        frames: [...exchangeFrames(accepted), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [NFS4_OK, NFS4ERR_RETRY_UNCACHED_REP] },
        actual: { seq: call.seq, status: [status] },
        message: `slot ${call.slotId}: seq ${call.seq}, accepted and answered before, was refused with ${statusName(status)} when it was sent again`,
      });
    },
  }),
};
