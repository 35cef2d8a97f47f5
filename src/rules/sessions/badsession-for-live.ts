import { NFS4_OK, NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { type LossCause, watchLostSessions } from "../lost-session.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

const EXPLANATIONS: Readonly<Record<Exclude<LossCause, "others-live">, string>> = {
  "other-address": "it had only been used at another address of the server",
  "connections-lost": "all its connections had been lost before, as in a restart",
  "client-id-lost": "the client ID was gone as well, as in a restart",
  "session-only": "the client ID lived on, so the server did not restart",
  unknown: "nothing that followed tells why",
};

/** The server forgot a session within its lease. One that others prove wrong is session-culled-early. */
export const badsessionForLive: Rule = {
  id: "badsession-for-live",
  severity: "warning",
  fault: "server",
  title: "The server no longer knows a session that nobody ended",
  rfc: "RFC 8881 2.10.13.1.4, 2.10.12, 8.4.2",
  help: {
    means:
      "The server answered NFS4ERR_BADSESSION for a session in use: no DESTROY_SESSION was seen and its lease had not run out. After a restart that is normal (then this is a note); when the client ID still works, only the session was lost.",
    hurts:
      "The reply cache is gone with the session: the client cannot tell whether its unanswered requests were executed.",
    todo: "If the server was not restarted, look in its log for evicted sessions or a failed-over address.",
    seenIn: "every server after a restart",
  },
  downgrades: { M: 1, H: 1, G: 1 },
  oncePerUpheaval: true,
  watch: ({ report }) =>
    watchLostSessions(({ session, call, reply, idleNanos }, { cause, evidence }) => {
      if (cause === "others-live") return;
      // Without a known lease_time the session may have been idle for too long after all.
      const isFault = cause === "session-only" && session.server.leaseSeconds !== null;
      report({
        ...subject(call, session),
        severity: isFault ? "warning" : "note",
        fault: isFault ? "server" : "none",
        since: reply.at - idleNanos,
        frames: [...exchangeFrames(call, reply), ...evidence],
        expected: { status: [NFS4_OK] },
        actual: { status: [NFS4ERR_BADSESSION] },
        message: `NFS4ERR_BADSESSION for session ${session.id}, ${seconds(idleNanos)} after its last use: ${EXPLANATIONS[cause]}`,
      });
    }),
};
