import { NFS4_OK, NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import type { Call, Reply } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { isSentAfterEnd } from "../after-end.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

/** The server serves a session that it had ended itself. */
export const serverAcceptedDeadSession: Rule = {
  id: "server-accepted-dead-session",
  severity: "error",
  fault: "server",
  title: "The server served a session that was over",
  rfc: "RFC 8881 18.37.3",
  help: {
    means:
      "The session had been destroyed, or had gone with its client ID, and the server still answered NFS4_OK to a request on it.",
    hurts:
      "Two nodes of the server, or two of its tables, disagree on which sessions live: reply caches and state can diverge, and requests may run twice.",
    todo: "On a cluster, check how the end of a session reaches the other nodes. On a single server, check that DESTROY_SESSION and the replacement of a client ID remove the session from every look-up table.",
    seenIn: "cluster nodes and data servers that lag behind",
  },
  downgrades: { O: 1, G: 1 },
  watch({ report, isOrdered }) {
    const check = (call: Call, session: ObservedSession, reply: Reply) => {
      if (!isSentAfterEnd(call, session, isOrdered)) return;
      const ended = session.ended!;
      report({
        ...subject(call, session),
        since: ended.at,
        frames: [ended, ...exchangeFrames(call, reply)],
        expected: { status: [NFS4ERR_BADSESSION] },
        actual: { status: [NFS4_OK] },
        message: `session ${session.id} ended ${seconds(call.at - ended.at)} before, and the server answered NFS4_OK`,
      });
    };
    return {
      answer(call) {
        const { session, reply } = call;
        if (session === null || session.ended === null || reply?.sequenceStatus !== NFS4_OK) return;
        check(call, session, reply);
      },
      "destroy-session"({ call, session, reply, status }) {
        if (session !== null && session.ended !== null && reply !== null && status === NFS4_OK)
          check(call, session, reply);
      },
    };
  },
};
