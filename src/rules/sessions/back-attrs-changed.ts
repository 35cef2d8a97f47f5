import { violations } from "../../session/channel-attributes.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** On the back channel the client is the replier: how many operations and slots it has is its own affair. */
export const backAttrsChanged: Rule = {
  id: "back-attrs-changed",
  severity: "error",
  fault: "server",
  title: "The server changed the back channel's slot or operation count",
  rfc: "RFC 8881 18.36.3",
  help: {
    means:
      "For the back channel the server must return ca_maxoperations and ca_maxrequests as the client sent them. It returned other values.",
    hurts:
      "Clients differ in what they take: Linux refuses the session when a value was raised, older kernels when it was changed at all.",
    todo: "In the server, echo both values for the back channel; use fewer slots if need be.",
    seenIn: "DittoFS and nfs4j clamp both to their own limits",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, result, session, client, standing }) {
      if (result === null || standing === "replay") return;
      const changed = violations(args.back, result.back, "back").filter(({ rule }) => rule === "changed");
      if (changed.length === 0) return;
      const text = changed.map(
        ({ attribute, granted, requested }) => `${attribute} ${granted} instead of ${requested}`,
      );
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { text: "as requested" },
        actual: { text: text.join(", ") },
        message: `back channel attributes were changed: ${text.join(", ")}`,
      });
    },
  }),
};
