import {
  NFS4ERR_DELAY,
  OP_CB_LAYOUTRECALL,
  OP_CB_NOTIFY,
  OP_CB_OFFLOAD,
  OP_CB_PUSH_DELEG,
  OP_CB_RECALL,
} from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { NewestEntries } from "../newest-entries.ts";
import type { Rule } from "../rule.ts";

/** They are about one thing that happened once; the others may be said again. */
const ABOUT_ONE_EVENT: ReadonlySet<number> = new Set([
  OP_CB_RECALL,
  OP_CB_LAYOUTRECALL,
  OP_CB_NOTIFY,
  OP_CB_PUSH_DELEG,
  OP_CB_OFFLOAD,
]);
/** Callbacks without a good answer that are remembered for each session. */
const REMEMBERED_MAX = 64;

/** The callback itself is known not to have been executed, and the slot is good for another try. */
function isRefusedForNow({ reply }: Call): boolean {
  return reply?.sequenceStatus === NFS4ERR_DELAY;
}

function isUnanswered({ reply }: Call): boolean {
  return reply === null || (reply.rpcError === null && reply.sequenceStatus === NO_STATUS);
}

/** No other transmission of the request settled what became of it. */
function isOpen(call: Call): boolean {
  return !call.wasAccepted && call.retries === null && call.original === null;
}

/** A callback that may have been executed is sent again under its own name only. */
export const backchannelRetryNewSeq: Rule = {
  id: "backchannel-retry-new-seq",
  severity: "error",
  fault: "server",
  title: "A callback without an answer was sent again under a new sequence id",
  rfc: "RFC 8881 2.10.13.2.4, 15.1.1.3",
  help: {
    means:
      "The same callback came again on another slot or with another sequence id, although CB_SEQUENCE of the first was never answered and the first was not retried. The client cannot know that it is the same. After NFS4ERR_DELAY on CB_SEQUENCE it is only a note: RFC 5661 allowed it.",
    hurts: "The callback may be executed twice, and the first slot is out of step: nobody knows whether it moved.",
    todo: "In the server, retry a callback that was not answered with the same session, slot and sequence id.",
    seenIn: "DittoFS (three attempts, each with the next sequence id)",
  },
  downgrades: { G: "off", H: 1, R: "off", T: "off" },
  channel: "back",
  supersedes: ["backchannel-slot-reuse-while-outstanding", "backchannel-slot-abandoned-after-disconnect"],
  watch({ report }) {
    const remembered = new WeakMap<ObservedSession, NewestEntries<number, Call>>();
    const remember = (call: Call) => {
      const { session } = call;
      if (session === null || call.truncated || !call.operations.numbers.some((op) => ABOUT_ONE_EVENT.has(op))) return;
      const calls = remembered.get(session) ?? new NewestEntries<number, Call>(REMEMBERED_MAX);
      remembered.set(session, calls);
      calls.set(call.fingerprint, call);
    };
    const check = (call: Call) => {
      const earlier = call.session === null ? undefined : remembered.get(call.session)?.get(call.fingerprint);
      remember(call);
      if (earlier === undefined || earlier.operations !== call.operations || !isOpen(earlier)) return;
      // The slot itself may say more: that a later callback went over it, which slot rules tell of.
      if (!isUnanswered(earlier) && !isRefusedForNow(earlier)) return;
      const wasRefused = isRefusedForNow(earlier);
      report({
        call,
        ...(wasRefused ? { severity: "note" as const } : {}),
        since: earlier.at,
        holds: () => isOpen(earlier) && (wasRefused || isUnanswered(earlier)),
        frames: [...exchangeFrames(earlier), call],
        expected: { slot: earlier.slotId, seq: earlier.seq },
        actual: { slot: call.slotId, seq: call.seq },
        message: `the callback of slot ${earlier.slotId}, seq ${earlier.seq}, ${wasRefused ? "was delayed" : "had no answer"} and was sent again as seq ${call.seq} of slot ${call.slotId}`,
      });
    };
    return { "call-new": check, "call-early": check, "call-misordered": check, "call-adopted": check };
  },
};
