import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** Segments that belong to no place in their stream. */
export const tcpOutOfWindow: Rule = {
  id: "tcp-out-of-window",
  severity: "note",
  fault: "network",
  title: "TCP segments lie far outside of their stream",
  rfc: null,
  help: {
    means:
      "Segments have sequence numbers that their connection cannot be at: late ones of an earlier connection with the same ports, damaged or forged ones. They were left out.",
    hurts:
      "A host drops them too. Many of them hint at a middlebox that rewrites sequence numbers on one side of the capture.",
    todo: "Look at firewalls and load balancers between client and server.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      const { outOfWindow, firstOutOfWindow } = capture;
      if (outOfWindow === 0) return;
      report({
        session: null,
        connection: null,
        frames: firstOutOfWindow === null ? [] : [firstOutOfWindow],
        message: `${counted(outOfWindow, "TCP segment")} far outside of the stream left out`,
      });
    },
  }),
};
