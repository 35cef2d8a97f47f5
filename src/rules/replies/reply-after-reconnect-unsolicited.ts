import type { Call } from "../../session/call.ts";
import type { Sighting } from "../../session/sighting.ts";
import { isOnSuccessor } from "../revenant-reply.ts";
import type { Rule } from "../rule.ts";

/** A reply that survived its connection. */
export const replyAfterReconnectUnsolicited: Rule = {
  id: "reply-after-reconnect-unsolicited",
  severity: "error",
  fault: "server",
  title: "A reply to a request of the old connection came on the new one",
  rfc: "RFC 8881 2.9.2",
  help: {
    means:
      "The connection was lost and opened again with the same addresses and ports. A reply to a request of the old connection came on the new one before the requester had sent that request again. It must not.",
    hurts: "Its xid may meet another request of the new connection, which then gets a foreign answer.",
    todo: "In the replier, drop replies whose connection is gone; the requester will retry and is answered from the reply cache.",
  },
  downgrades: { G: "off" },
  watch: ({ report }) => ({
    "reply-elsewhere"(fact) {
      const { call, reply, connection } = fact;
      if (!isOnSuccessor(fact) || wasRetriedBefore(call, reply)) return;
      report({
        call,
        since: call.at,
        frames: [call, connection.opened, reply],
        expected: { text: "a reply on the connection of its call, or none" },
        actual: { text: `a reply on ${connection.name}` },
        message: `a request of the connection that ended was answered on its successor ${connection.name}, before it was sent again`,
      });
    },
  }),
};

function wasRetriedBefore(call: Call, reply: Sighting): boolean {
  return call.first.retries?.some((retry) => retry !== call && retry.at > call.at && retry.at <= reply.at) ?? false;
}
