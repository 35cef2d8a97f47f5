import {
  NFS4_OK,
  NFS4ERR_DELAY,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
  statusName,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Answered } from "../replay.ts";
import { isSameRequest, isSameUser } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** While a request runs, nobody knows its reply: a retry has to wait. */
export const retryInProgressNotDelay: Rule = {
  id: "retry-in-progress-not-delay",
  severity: "warning",
  fault: "server",
  title: "A retry of a running request was not put off",
  rfc: "RFC 8881 2.10.6.2, 2.9.2",
  help: {
    means:
      "The retry was answered for good before the original was, and with neither the original's reply nor NFS4ERR_DELAY nor NFS4ERR_SEQ_MISORDERED.",
    hurts: "The client takes the answer for the outcome and gives up, while its request is still at work.",
    todo: "In the server, answer SEQUENCE with NFS4ERR_DELAY while the slot's request runs, or hold the retry back until it is done.",
    seenIn: "chimera and nfs4j answer NFS4ERR_RETRY_UNCACHED_REP",
  },
  downgrades: { G: "off", O: 1, U: 1 },
  watch: ({ report, isOrdered }) => ({
    // Only the original's own reply, behind that to the retry, proves that it was running until then.
    answer(original) {
      const { reply, retries } = original;
      if (retries === null || reply === null || reply.sequenceStatus !== NFS4_OK) return;
      if (reply.secondStatus === NFS4ERR_RETRY_UNCACHED_REP) return;
      for (const retry of retries) {
        if (!isAnsweredBefore(retry, reply.at) || retry.cachethis !== original.cachethis) continue;
        if (!isSameRequest(retry, original) || !isSameUser(retry, original)) continue;
        const status = wrongStatus(retry);
        if (status === null) continue;
        report({
          call: retry,
          since: original.at,
          frames: [original, ...exchangeFrames(retry), reply],
          expected: { seq: retry.seq, status: [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED] },
          actual: { seq: retry.seq, status: [status] },
          ...(isOrdered(retry.reply, retry.connection, reply, original.connection) ? {} : { because: ["O"] as const }),
          message: `slot ${retry.slotId}: the retry of seq ${retry.seq} was answered with ${statusName(status)} while the original was running`,
        });
      }
    },
  }),
};

function isAnsweredBefore(retry: Call, at: number): retry is Answered {
  return retry.reply !== null && retry.reply.at < at;
}

/** RETRY_UNCACHED_REP on SEQUENCE is wrong whatever runs: retry-uncached-on-sequence. */
function wrongStatus({ reply }: Answered): number | null {
  const { sequenceStatus, secondStatus } = reply;
  if (sequenceStatus === NFS4ERR_SEQ_FALSE_RETRY) return sequenceStatus;
  return sequenceStatus === NFS4_OK && secondStatus === NFS4ERR_RETRY_UNCACHED_REP ? secondStatus : null;
}
