import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A SEQUENCE result repeats the slot id of its call. */
export const replySlotMismatch: Rule = {
  id: "reply-slot-mismatch",
  severity: "error",
  fault: "server",
  title: "The reply names another slot than the call",
  rfc: "RFC 8881 18.46.3",
  help: {
    means: "sr_slotid has to equal sa_slotid; it is another one.",
    hurts:
      "The requester cannot tell which request was answered. It may take the result of one request for that of another, or give up the session.",
    todo: "In the replier, look for a reply that was taken from the wrong slot's cache, or a result that was built before the slot was found.",
  },
  downgrades: {},
  supersedes: ["reply-seqid-mismatch"],
  watch: ({ report }) => ({
    "reply-mismatch"({ call, field, sent, got }) {
      if (field !== "slot") return;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { slot: Number(sent) },
        actual: { slot: Number(got) },
        message: `the reply is for slot ${got}, the call was on slot ${sent}`,
      });
    },
  }),
};
