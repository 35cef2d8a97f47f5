import type { Call } from "../../session/call.ts";
import { answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isProbe } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** The client is finding out a slot's sequence id after an interrupted request */
export const interruptedSlotRecovery: Rule = {
  id: "interrupted-slot-recovery",
  severity: "note",
  fault: "client",
  title: "The client is finding out a slot's sequence id after an interrupted request",
  rfc: "RFC 8881 2.10.6.2",
  help: {
    means:
      "One or more requests were never answered, the next sequence id was refused as misordered, and the client now probes with lone SEQUENCEs until one is accepted. This is how the Linux client recovers.",
    hurts:
      "Each probe costs a round trip. A probe is itself a false retry if the interrupted request had been executed.",
    todo: "Look for what interrupted the first request: a signal, a soft timeout.",
    seenIn: "Linux client (nfs41_sequence_process)",
  },
  downgrades: {},
  oncePerUpheaval: true,
  supersedes: ["seq-misordered", "seq-gap", "seq-behind", "false-retry", "false-retry-user", "false-retry-cachethis"],
  watch({ report }) {
    const check = (call: Call) => {
      const from = call.slot?.recoveringFrom;
      if (from == null || !isProbe(call)) return;
      report({
        call,
        frames: [from, ...exchangeFrames(call)],
        message: `slot ${call.slotId}: after the unanswered seq ${from.seq} the client probes with seq ${call.seq}; ${answerText(call)}`,
      });
    };
    return { answer: check, unanswered: check };
  },
};
