import { NFS4_OK, NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** SEQUENCE itself is always cached. */
export const retryUncachedOnSequence: Rule = {
  id: "retry-uncached-on-sequence",
  severity: "error",
  fault: "server",
  title: "RETRY_UNCACHED_REP was returned by SEQUENCE itself",
  rfc: "RFC 8881 2.10.6.1.3",
  help: {
    means:
      "The server told a retry that its reply was not kept, but on SEQUENCE. The result of SEQUENCE is always kept; the status belongs to the operation behind it.",
    hurts:
      "A SEQUENCE that fails says that the slot did not move: the client sends the same sequence id once more, for another request.",
    todo: "In the server, answer SEQUENCE from the slot with NFS4_OK and put NFS4ERR_RETRY_UNCACHED_REP on the second operation.",
    seenIn: "DittoFS, chimera, nfs-ganesha for sequence id 0 on a fresh slot",
  },
  downgrades: {},
  watch: ({ report }) => ({
    answer(call) {
      const { reply, verdict } = call;
      if (reply?.sequenceStatus !== NFS4ERR_RETRY_UNCACHED_REP) return;
      report({
        call,
        since: call.at,
        frames: exchangeFrames(call),
        expected: { seq: call.seq, status: [verdict === "zero-first" ? NFS4ERR_SEQ_MISORDERED : NFS4_OK] },
        actual: { seq: call.seq, status: [NFS4ERR_RETRY_UNCACHED_REP] },
        message: `slot ${call.slotId}: SEQUENCE with seq ${call.seq} failed with NFS4ERR_RETRY_UNCACHED_REP`,
      });
    },
  }),
};
