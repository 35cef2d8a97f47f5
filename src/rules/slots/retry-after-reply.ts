import { NFS4_OK } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { answered, answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { deliveredBefore, isRepeat, isSettledByError } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { SignsOfLife } from "../signs-of-life.ts";

/** A request was sent again although its reply had come */
export const retryAfterReply: Rule = {
  id: "retry-after-reply",
  severity: "warning",
  fault: "client",
  title: "A request was sent again although its reply had come",
  rfc: "RFC 8881 2.10.6.2, 2.9.2",
  help: {
    means:
      "The reply was delivered on a living connection, and the client sent the request once more with the same slot and sequence id.",
    hurts: "It is answered from the reply cache at best; it shows that the client lost track of the slot.",
    todo: "In the client, look for a reply that was dropped or attributed to another request (xid reuse, a full queue).",
  },
  pynfs: ["SEQ9a", "SEQ9b", "SEQ9f", "SEQ10b"],
  downgrades: { G: "off", O: 1 },
  supersedes: ["retry-without-disconnect"],
  watch({ report }) {
    const pending = new WeakMap<Call, Call>();
    const signs = new SignsOfLife();
    const check = (call: Call) => {
      const accepted = pending.get(call);
      if (accepted === undefined) return;
      if (accepted.connection === call.connection) accuse(call, accepted);
      else signs.ask({ connection: accepted.connection, at: call.at, lived: () => accuse(call, accepted) });
    };
    const accuse = (call: Call, accepted: Call) => {
      if (accepted.reply === null) return;
      report({
        call,
        since: accepted.at,
        frames: [...exchangeFrames(accepted), ...exchangeFrames(call)],
        expected: { seq: nextSeq(call.seq), status: [NFS4_OK] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} was sent again ${seconds(call.at - accepted.reply.at)} after its reply; ${answerText(call)}`,
      });
    };
    return {
      "call-retry": (call) => {
        if (call.verdict !== "retry" || !isRepeat(call) || isSettledByError(call)) return;
        const accepted = deliveredBefore(call);
        if (accepted !== null) pending.set(call, accepted);
      },
      ...signs.handlers,
      answer: check,
      unanswered: check,
    };
  },
};
