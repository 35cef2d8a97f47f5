import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A SEQUENCE result repeats the sequence id of its call. */
export const replySeqidMismatch: Rule = {
  id: "reply-seqid-mismatch",
  severity: "error",
  fault: "server",
  title: "The reply names another sequence id than the call",
  rfc: "RFC 8881 18.46.3",
  help: {
    means: "sr_sequenceid has to equal sa_sequenceid; it is another one.",
    hurts:
      "The requester cannot tell which request was answered. It may take the result of one request for that of another, or give up the session.",
    todo: "In the replier, look for a reply that was taken from the wrong slot's cache, or a result that was built before the slot was found.",
  },
  downgrades: {},
  supersedes: ["reply-op-mismatch"],
  watch: ({ report }) => ({
    "reply-mismatch"({ call, field, sent, got }) {
      if (field !== "seq") return;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { seq: Number(sent) },
        actual: { seq: Number(got) },
        message: `the reply is for seq ${got} of slot ${call.slotId}, the call had ${sent}`,
      });
    },
  }),
};
