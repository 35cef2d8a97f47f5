import { NFS4ERR_SEQUENCE_POS } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** SEQUENCE in the middle of a compound. */
export const sequenceNotFirst: Rule = {
  id: "sequence-not-first",
  severity: "error",
  fault: "client",
  title: "SEQUENCE is not the first operation",
  rfc: "RFC 8881 18.46.3",
  help: {
    means: "SEQUENCE stands at the second place or later in a compound. It may only come first, and once.",
    hurts:
      "The server stops there with NFS4ERR_SEQUENCE_POS; what came before it may have been executed outside any session.",
    todo: "In the client, start each compound with its one SEQUENCE.",
  },
  pynfs: ["SEQ2"],
  downgrades: { T: "off", P: "off" },
  watch({ report }) {
    const accuse = (call: Call) => {
      const status = call.reply?.lastStatus ?? NO_STATUS;
      const { misplacedSequence, numbers } = call.operations;
      report({
        call,
        since: call.at,
        frames: exchangeFrames(call),
        expected: { status: [NFS4ERR_SEQUENCE_POS] },
        ...(status === NO_STATUS ? {} : { actual: { status: [status] } }),
        message: `SEQUENCE is operation ${misplacedSequence + 1} of ${numbers.length}`,
      });
    };
    const answered = (call: Call) => {
      if (call.operations.misplacedSequence > 0 && call.channel === "fore") accuse(call);
    };
    return {
      "sequence-misplaced"({ call }) {
        // A compound without a session has no fact for its reply: it is told of at once.
        if (call.session === null) accuse(call);
      },
      "answer-clean": answered,
      answer: answered,
      unanswered: answered,
    };
  },
};
