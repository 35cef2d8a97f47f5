import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** The tag is there for people, and should come back. */
export const tagChanged: Rule = {
  id: "tag-changed",
  severity: "note",
  fault: "server",
  title: "The reply has another tag than the call",
  rfc: "RFC 8881 16.2.3",
  help: {
    means: "A replier should return the tag of the COMPOUND as it was. This one returned another, or none.",
    hurts: "Nothing on the wire; tags are for tracing. On a reply that is no replay it may mean a wrong cached reply.",
    todo: "In the replier, copy the tag.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "reply-shape"({ call, problem }) {
      // A replay comes with the tag of the first transmission.
      if (problem !== "tag-changed" || call.original !== null) return;
      report({
        call,
        frames: exchangeFrames(call),
        message: "the reply's tag is not the call's",
      });
    },
  }),
};
