import { NFS4_OK, NFS4ERR_RETRY_UNCACHED_REP } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isUncachedIllegal } from "../illegal-second.ts";
import { acceptedBefore, isRepeat } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** What the client asked to be cached is there for the retry. */
export const cachedReplyLost: Rule = {
  id: "cached-reply-lost",
  severity: "error",
  fault: "server",
  title: "The reply that the client asked to be cached was not kept",
  rfc: "RFC 8881 2.10.6.1.3, 2.10.6.4",
  help: {
    means:
      "The request had sa_cachethis set and its SEQUENCE succeeded, yet the retry got NFS4ERR_RETRY_UNCACHED_REP. With sa_cachethis the whole reply must be kept, also one that ends in an error.",
    hurts: "The client asked because it cannot find out the result otherwise: it now knows only that its request ran.",
    todo: "In the server, look for ways out of a compound that leave before the reply is stored.",
    seenIn: "nfs4j when the compound leaves by an exception",
  },
  pynfs: ["SEQ9b"],
  downgrades: { G: "off" },
  oncePerUpheaval: true,
  watch: ({ report }) => ({
    answer(call) {
      if (!saysUncached(call) || !isRepeat(call) || !call.cachethis || isUncachedIllegal(call)) return;
      const accepted = acceptedBefore(call);
      if (accepted === null) return;
      report({
        call,
        since: accepted.at,
        frames: [...exchangeFrames(accepted), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [accepted.reply?.status ?? NFS4_OK] },
        actual: { seq: call.seq, status: [NFS4ERR_RETRY_UNCACHED_REP] },
        message: `slot ${call.slotId}: seq ${call.seq} was to be cached, but its retry got NFS4ERR_RETRY_UNCACHED_REP`,
      });
    },
  }),
};

/** On the second operation, or on the compound; on SEQUENCE it is wrong whatever was asked for. */
function saysUncached({ reply }: Call): boolean {
  if (reply === null) return false;
  const { status, sequenceStatus, secondStatus } = reply;
  if (secondStatus === NFS4ERR_RETRY_UNCACHED_REP) return true;
  return status === NFS4ERR_RETRY_UNCACHED_REP && sequenceStatus === NO_STATUS;
}
