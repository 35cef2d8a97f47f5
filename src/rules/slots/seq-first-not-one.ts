import type { Call } from "../../session/call.ts";
import { isNotRefuted, misordered } from "../answer.ts";
import { isFirstUse } from "../first-use.ts";
import type { Rule } from "../rule.ts";

/** The first request on a fresh slot does not carry sequence id 1 */
export const seqFirstNotOne: Rule = {
  id: "seq-first-not-one",
  severity: "error",
  fault: "client",
  title: "The first request on a fresh slot does not carry sequence id 1",
  rfc: "RFC 8881 2.10.6.1, 18.36.3",
  help: {
    means: "Slots start at 0, so the first request on each of them carries 1. This one carried something else.",
    hurts:
      "From here on requester and replier disagree about the slot: it answers nothing but NFS4ERR_SEQ_MISORDERED until the session is replaced, and whoever waits for it hangs.",
    todo: "In the client, start the slots of every new session at 1; look for slot tables carried over from an older session.",
  },
  pynfs: ["SEQ13"],
  downgrades: { G: "off", H: 1 },
  supersedes: ["seq-gap", "seq-behind"],
  watch({ report }) {
    const check = (call: Call) => {
      // From 0 half of all other values count as behind.
      if ((call.verdict !== "ahead" && call.verdict !== "behind") || !isFirstUse(call)) return;
      if (isNotRefuted(call))
        report(misordered(call, 1, `slot ${call.slotId} of a new session began with seq ${call.seq} instead of 1`));
    };
    return { answer: check, unanswered: check };
  },
};
