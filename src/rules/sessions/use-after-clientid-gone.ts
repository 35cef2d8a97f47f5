import { NFS4ERR_BADSESSION, statusName } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS, type Reply } from "../../session/call.ts";
import type { Facts } from "../../session/facts.ts";
import type { ObservedSession, SessionEnd } from "../../session/observed-session.ts";
import { isSentAfterEnd } from "../after-end.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** Sessions die with their client ID: what comes after is a leftover of the old incarnation. */
export const useAfterClientidGone: Rule = {
  id: "use-after-clientid-gone",
  severity: "warning",
  fault: "client",
  title: "A session was used after its client ID had ended",
  rfc: "RFC 8881 18.35.4, 18.36.4",
  help: {
    means:
      "A new incarnation of the client owner confirmed its client ID with CREATE_SESSION, or DESTROY_CLIENTID succeeded; both end all sessions of the old client ID. Then one of them was used again.",
    hurts:
      "The request is refused with NFS4ERR_BADSESSION. From another host it means worse: two machines use the same client owner and throw each other out.",
    todo: "From the same host: let the client drop the sessions of its old incarnation. From another host: give each client its own owner string (on Linux the nfs4_unique_id module parameter or nfs.nfs4_unique_id).",
  },
  pynfs: ["EID5f"],
  downgrades: { O: 1, H: 1 },
  watch({ report, isOrdered }) {
    const check = (call: Call, session: ObservedSession, reply: Reply | null, status: number) => {
      if (!isSentAfterEnd(call, session, isOrdered)) return;
      const ended = session.ended!;
      const isVictim = call.connection.clientAddress !== session.endingCall?.connection.clientAddress;
      report({
        ...subject(call, session),
        since: ended.at,
        severity: isVictim ? "note" : "warning",
        fault: isVictim ? "none" : "client",
        frames: [ended, ...exchangeFrames(call, reply)],
        expected: { status: [NFS4ERR_BADSESSION] },
        ...(status === NO_STATUS ? {} : { actual: { status: [status] } }),
        message: messageOf(call, session, status, isVictim),
      });
    };
    const sequenced = (call: Call) => {
      const { session, reply } = call;
      if (isGone(session?.endedBy)) check(call, session!, reply, reply?.sequenceStatus ?? NO_STATUS);
    };
    const named = ({ call, session, reply, status }: Facts["destroy-session"] | Facts["bind-conn-to-session"]) => {
      if (isGone(session?.endedBy) && reply !== null) check(call, session!, reply, status);
    };
    return { answer: sequenced, unanswered: sequenced, "destroy-session": named, "bind-conn-to-session": named };
  },
};

function isGone(end: SessionEnd | null | undefined): boolean {
  return end === "replaced" || end === "client-destroyed";
}

function messageOf(call: Call, session: ObservedSession, status: number, isVictim: boolean): string {
  const why = session.endedBy === "replaced" ? "was replaced by a new incarnation" : "was destroyed";
  const whose = isVictim ? ` from ${session.endingCall?.connection.clientAddress}` : "";
  const answer = status === NO_STATUS ? "no answer" : statusName(status);
  const user = isVictim ? ` by ${call.connection.clientAddress}` : "";
  return `session ${session.id} was used${user} after its client ID ${why}${whose}: ${answer}`;
}
