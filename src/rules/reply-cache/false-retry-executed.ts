import { NFS4_OK, NFS4ERR_RETRY_UNCACHED_REP, NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { falseRetry } from "../false-retry-answer.ts";
import type { Rule } from "../rule.ts";

/** One sequence id, one execution. */
export const falseRetryExecuted: Rule = {
  id: "false-retry-executed",
  severity: "error",
  fault: "server",
  title: "A second request under a used sequence id was executed",
  rfc: "RFC 8881 2.10.6.1.3, 2.10.6.1.3.1",
  help: {
    means:
      "Slot and sequence id were those of a request that had been accepted; another request came under them, and the server executed that too instead of answering from its cache or refusing it.",
    hurts:
      "The server does not check what is a retry. A delayed copy of an old request can run again, and an attacker who repeats a sequence id gets it executed.",
    todo: "In the server, execute a request only when its sequence id is the next one.",
  },
  downgrades: { G: "off", T: "off", P: "off" },
  watch: ({ report }) => ({
    answer(call) {
      const found = falseRetry(call);
      if (found === null || found.answer !== "executed") return;
      report({
        call,
        since: found.accepted.at,
        frames: [...exchangeFrames(found.accepted), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [NFS4ERR_SEQ_FALSE_RETRY, NFS4ERR_RETRY_UNCACHED_REP] },
        actual: { seq: call.seq, status: [call.reply?.status ?? NFS4_OK] },
        message: `slot ${call.slotId}: seq ${call.seq} had been used, and another request under it was executed`,
      });
    },
  }),
};
