import { isOnSuccessor } from "../revenant-reply.ts";
import type { Rule } from "../rule.ts";
import { xidText } from "../xid-text.ts";

/** A reply belongs on the connection of its call. One on a reopened connection is reply-after-reconnect-unsolicited. */
export const replyWrongConnection: Rule = {
  id: "reply-wrong-connection",
  severity: "error",
  fault: "server",
  title: "A reply came on another connection than its call",
  rfc: "RFC 8881 2.9.2",
  help: {
    means: "A reply has to be sent on the connection on which its request came. This one came on another.",
    hurts:
      "The requester waits for ever on the first connection, and the other one carries an xid that may belong to another request there.",
    todo: "In the replier, keep the connection with the request; do not pick one from the session when the reply is ready.",
  },
  downgrades: { G: "off", H: 1 },
  watch: ({ report }) => ({
    "reply-elsewhere"(fact) {
      if (isOnSuccessor(fact)) return;
      const { call, connection, reply } = fact;
      // The call may have been sent again there, in bytes that were not captured.
      if (connection.hasGapBetween(call.at, reply.at)) return;
      report({
        call,
        since: call.at,
        frames: [call, reply],
        expected: { text: call.connection.name },
        actual: { text: connection.name },
        message: `the call with xid ${xidText(call.xid)} went out on ${call.connection.name}, its reply came on ${connection.name}`,
      });
    },
  }),
};
