import { NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { answered, answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { deliveredBefore, isRepeat } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { SignsOfLife } from "../signs-of-life.ts";

/** A request delayed at a later operation was sent again on the same slot and sequence id */
export const delayResentSameSlot: Rule = {
  id: "delay-resent-same-slot",
  severity: "error",
  fault: "client",
  title: "A request delayed at a later operation was sent again on the same slot and sequence id",
  rfc: "RFC 8881 15.1.1.3",
  help: {
    means:
      "NFS4ERR_DELAY came from an operation behind SEQUENCE, so the slot has moved on. Sending the same slot and sequence id again is a retry: it may be answered from the cache, with the same NFS4ERR_DELAY, for ever.",
    hurts: "The request may never be executed.",
    todo: "In the client, send it again as a new request unless SEQUENCE itself was delayed.",
  },
  downgrades: { G: "off", O: 1, U: 1 },
  supersedes: ["retry-without-disconnect", "retry-after-reply"],
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
      const { reply } = accepted;
      if (reply === null) return;
      report({
        call,
        since: accepted.at,
        frames: [accepted, reply, ...exchangeFrames(call)],
        expected: { seq: nextSeq(call.seq), text: "a new request" },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} was delayed behind SEQUENCE and sent again with the same seq; ${answerText(call)}`,
      });
    };
    return {
      "call-retry": (call) => {
        const accepted = isRepeat(call) ? deliveredBefore(call) : null;
        if (accepted?.reply?.lastStatus === NFS4ERR_DELAY) pending.set(call, accepted);
      },
      ...signs.handlers,
      answer: check,
      unanswered: check,
    };
  },
};
