import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A SEQUENCE result repeats the session id of its call. */
export const replySessionMismatch: Rule = {
  id: "reply-session-mismatch",
  severity: "error",
  fault: "server",
  title: "The reply names another session than the call",
  rfc: "RFC 8881 18.46.3",
  help: {
    means: "sr_sessionid has to equal sa_sessionid; it names another session.",
    hurts:
      "The requester cannot tell which request was answered. It may take the result of one request for that of another, or give up the session.",
    todo: "In the replier, look for a reply that was taken from the wrong slot's cache, or a result that was built before the slot was found.",
  },
  downgrades: {},
  supersedes: ["reply-slot-mismatch"],
  watch: ({ report }) => ({
    "reply-mismatch"({ call, field, sent, got }) {
      if (field !== "session") return;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { text: sent },
        actual: { text: got },
        message: `the reply is for session ${got}, the call was on ${sent}`,
      });
    },
  }),
};
