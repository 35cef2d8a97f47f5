import { NFS4_OK, NFS4ERR_CONN_NOT_BOUND_TO_SESSION } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { SP4_NONE } from "../state-protection.ts";

/** Without state protection SEQUENCE itself binds the connection. */
export const connNotBoundSp4None: Rule = {
  id: "conn-not-bound-sp4-none",
  severity: "error",
  fault: "server",
  title: "SEQUENCE was refused for want of a binding, though the client has no state protection",
  rfc: "RFC 8881 2.10.3.1, 18.34.3, 15.1.11.6",
  help: {
    means:
      "The client ID was made with SP4_NONE. Then the first SEQUENCE on a connection binds it to the fore channel, and NFS4ERR_CONN_NOT_BOUND_TO_SESSION must not come.",
    hurts:
      "Clients with several connections (nconnect), and all clients after a reconnect, are locked out of their session.",
    todo: "In the server, bind the connection when SEQUENCE arrives unless the client ID's spo_must_enforce has BIND_CONN_TO_SESSION.",
    seenIn: "DittoFS never binds implicitly, but accepts",
  },
  downgrades: {},
  watch: ({ report }) => ({
    answer(call) {
      const { reply, session } = call;
      if (reply?.sequenceStatus !== NFS4ERR_CONN_NOT_BOUND_TO_SESSION) return;
      if (session?.client?.stateProtect !== SP4_NONE) return;
      // Bound for callbacks only: whether SEQUENCE widens that the RFC does not say.
      if (session.isBound(call.connection, "back")) return;
      report({
        call,
        frames: exchangeFrames(call),
        expected: { status: [NFS4_OK] },
        actual: { status: [reply.sequenceStatus] },
        message: `SEQUENCE on ${call.connection.name} got NFS4ERR_CONN_NOT_BOUND_TO_SESSION, though the client ID has SP4_NONE: SEQUENCE binds the connection`,
      });
    },
  }),
};
