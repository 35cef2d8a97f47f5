import { NFS4ERR_BADSESSION, statusName } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS, type Reply } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { isSentAfterEnd } from "../after-end.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

/** A destroyed session is used although the client had read that it was gone. */
export const useAfterDestroy: Rule = {
  id: "use-after-destroy",
  severity: "warning",
  fault: "client",
  title: "A session was used after it was destroyed",
  rfc: "RFC 8881 18.37.3",
  help: {
    means:
      "The reply to DESTROY_SESSION had said NFS4_OK when the client sent another SEQUENCE, BIND_CONN_TO_SESSION or DESTROY_SESSION for that session.",
    hurts: "The request is refused with NFS4ERR_BADSESSION and has to be sent again on another session.",
    todo: "In the client, stop handing out slots of a session before it is destroyed, and destroy it once.",
  },
  pynfs: ["DSESS1"],
  downgrades: { O: 1, G: 1 },
  watch({ report, isOrdered }) {
    const check = (call: Call, session: ObservedSession, reply: Reply | null, status: number) => {
      if (!isSentAfterEnd(call, session, isOrdered)) return;
      const ended = session.ended!;
      const answer = status === NO_STATUS ? "no answer" : statusName(status);
      report({
        ...subject(call, session),
        since: ended.at,
        frames: [ended, ...exchangeFrames(call, reply)],
        expected: { status: [NFS4ERR_BADSESSION] },
        ...(status === NO_STATUS ? {} : { actual: { status: [status] } }),
        message: `session ${session.id} was used ${seconds(call.at - ended.at)} after it was destroyed: ${answer}`,
      });
    };
    const sequenced = (call: Call) => {
      const { session, reply } = call;
      if (session?.endedBy === "destroyed") check(call, session, reply, reply?.sequenceStatus ?? NO_STATUS);
    };
    const named = ({ call, session, reply, status }: Facts["destroy-session"] | Facts["bind-conn-to-session"]) => {
      if (session?.endedBy === "destroyed" && reply !== null) check(call, session, reply, status);
    };
    return { answer: sequenced, unanswered: sequenced, "destroy-session": named, "bind-conn-to-session": named };
  },
};
