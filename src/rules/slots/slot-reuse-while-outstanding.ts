import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered, answerText } from "../answer.ts";
import { isEarly } from "../early.ts";
import { mayHaveBeenAnswered } from "../late-reply.ts";
import { wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { SignsOfLife } from "../signs-of-life.ts";
import { CLOCK_BOUND_NANOS } from "../travel.ts";

/** A capture point may see a reply and the call that it allowed in either order, so close together. */
const SAME_CONNECTION_NANOS = 100_000;

function toleranceNanos(call: Call, previous: Call): number {
  return call.connection === previous.connection ? SAME_CONNECTION_NANOS : CLOCK_BOUND_NANOS;
}

/** The reply that had not come yet did come, or the server refused to take the next request. */
function isConfirmed({ reply }: Call, previous: Call): boolean {
  return previous.reply !== null || reply?.sequenceStatus === NFS4ERR_SEQ_MISORDERED;
}

/** A slot was used again before its reply came */
export const slotReuseWhileOutstanding: Rule = {
  id: "slot-reuse-while-outstanding",
  severity: "error",
  fault: "client",
  title: "A slot was used again before its reply came",
  rfc: "RFC 8881 2.10.6.2, 2.9.2",
  help: {
    means:
      "The next request was sent on a slot whose previous one had no reply yet, although its connection was still there. A slot carries one request at a time.",
    hurts:
      "Two requests run on one slot at once: the replier keeps only one reply, so that after a lost connection nobody can tell which of them was executed.",
    todo: "In the client, free a slot only when its reply was read, also when the waiting program was killed or timed out.",
    seenIn: "Linux client when a task is killed or times out softly; chimera client before PR 648",
  },
  downgrades: { M: 1, G: "off", O: 1, R: "off" },
  watch({ report, capture }) {
    const signs = new SignsOfLife();
    const mayHaveCrossed = (call: Call, previous: Call) => {
      const answerAt = previous.reply?.at ?? Number.POSITIVE_INFINITY;
      if (previous.repliedElsewhere !== null && previous.repliedElsewhere.at <= call.at) return true;
      return answerAt - call.at < Math.max(toleranceNanos(call, previous), capture.crossingNanos);
    };
    const check = (call: Call) => {
      const { previous } = call;
      if (!isEarly(call) || !call.slotWasBusy || previous === null || wasLostBefore(previous, call)) return;
      if (mayHaveCrossed(call, previous)) return;
      const { connection } = previous;
      // The last reply of another connection may be lost without a trace.
      if (connection === call.connection || isConfirmed(call, previous)) accuse(call, previous);
      else signs.ask({ connection, at: call.at, lived: () => accuse(call, previous) });
    };
    const accuse = (call: Call, previous: Call) => {
      report({
        call,
        holds: () => !mayHaveCrossed(call, previous) && !mayHaveBeenAnswered(previous, call),
        since: previous.at,
        frames: [previous, call, ...(previous.reply === null ? [] : [previous.reply])],
        expected: { seq: previous.seq, status: [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED, NFS4_OK] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} was sent while ${previous.seq} was still unanswered; ${call.reply === null ? "no answer was seen" : answerText(call)}`,
      });
    };
    return { ...signs.handlers, answer: check, unanswered: check };
  },
};
