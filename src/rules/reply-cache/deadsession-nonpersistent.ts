import { CREATE_SESSION4_FLAG_PERSIST, NFS4ERR_BADSESSION, NFS4ERR_DEADSESSION } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** Only what persists can be dead. */
export const deadsessionNonpersistent: Rule = {
  id: "deadsession-nonpersistent",
  severity: "warning",
  fault: "server",
  title: "DEADSESSION was returned for a session that does not persist",
  rfc: "RFC 8881 15.1.11.5, 2.10.6.5",
  help: {
    means:
      "NFS4ERR_DEADSESSION says that a persistent session outlived its server and answers retries only. This session was created without CREATE_SESSION4_FLAG_PERSIST; a server that lost it has to say NFS4ERR_BADSESSION.",
    hurts: "The client may try to recover replies that do not exist before it makes a new session.",
    todo: "In the server, answer NFS4ERR_BADSESSION for sessions that it does not know.",
  },
  downgrades: { M: 1 },
  watch: ({ report }) => ({
    answer(call) {
      const { reply, session } = call;
      if (reply === null || (reply.sequenceStatus !== NFS4ERR_DEADSESSION && reply.lastStatus !== NFS4ERR_DEADSESSION))
        return;
      if (session === null || session.flags === null || (session.flags & CREATE_SESSION4_FLAG_PERSIST) !== 0) return;
      report({
        call,
        since: call.at,
        frames: [session.firstSeen, ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_BADSESSION] },
        actual: { seq: call.seq, status: [NFS4ERR_DEADSESSION] },
        message: `NFS4ERR_DEADSESSION for session ${session.id}, which was created without CREATE_SESSION4_FLAG_PERSIST`,
      });
    },
  }),
};
