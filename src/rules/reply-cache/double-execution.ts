import { NFS4_OK, operationName, statusName } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { type Answered, differingReplay } from "../replay.ts";
import type { Rule } from "../rule.ts";
import { secondRunAt } from "../second-run.ts";

/** A request runs once, however often it is sent. */
export const doubleExecution: Rule = {
  id: "double-execution",
  severity: "error",
  fault: "server",
  title: "A request was executed twice",
  rfc: "RFC 8881 2.10.6",
  help: {
    means:
      "Two replies to one request show that it ran twice: an operation succeeded in one, and in the other failed as it does when its work is done already (REMOVE with NFS4ERR_NOENT, CREATE with NFS4ERR_EXIST, CLOSE with a stateid that is gone).",
    hurts:
      "The reply cache exists to prevent this. A file that was made anew in between is removed, a program is told of an error that did not happen.",
    todo: "In the server, find out why the retry was not answered from the slot: no cached reply, or the slot was free again before the reply was kept.",
    seenIn: "an old FreeBSD server executes a retry of which it has no cached reply",
  },
  downgrades: { T: "off", P: "off" },
  supersedes: ["replay-reply-differs"],
  watch: ({ report }) => ({
    answer(call) {
      const runs = twoRuns(call);
      if (runs === null) return;
      const { good, again, at } = runs;
      const status = again.reply.lastStatus;
      const operation = operationName(again.reply.results.numbers[at]!);
      report({
        call,
        since: call.first.at,
        frames: [...exchangeFrames(good), ...exchangeFrames(again)],
        expected: { seq: call.seq, status: [NFS4_OK] },
        actual: { seq: call.seq, status: [status] },
        message: `slot ${call.slotId}: seq ${call.seq} ran twice: ${operation} succeeded once and then failed with ${statusName(status)}`,
      });
    },
  }),
};

/** The run whose operation succeeded, and the other that found its work done. The replies may have come the other way. */
function twoRuns(call: Call): { good: Answered; again: Answered; at: number } | null {
  const replay = differingReplay(call);
  if (replay === null) return null;
  const { earlier, later } = replay;
  const at = secondRunAt(earlier.reply, later.reply);
  if (at >= 0) return { good: earlier, again: later, at };
  const reversedAt = secondRunAt(later.reply, earlier.reply);
  return reversedAt >= 0 ? { good: later, again: earlier, at: reversedAt } : null;
}
