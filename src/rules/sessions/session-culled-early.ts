import { NFS4_OK, NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { watchLostSessions } from "../lost-session.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { subject } from "../subject.ts";

/** A session was dropped for idleness before its time; that others of the client ID were served excludes a restart. */
export const sessionCulledEarly: Rule = {
  id: "session-culled-early",
  severity: "error",
  fault: "server",
  title: "The server dropped an idle session before its lease was over",
  rfc: "RFC 8881 2.10.12",
  help: {
    means:
      "The session inactivity timer must not be shorter than lease_time. The server answered NFS4ERR_BADSESSION earlier than that, while another session of the same client ID went on, so that it was no restart.",
    hurts: "The client loses its reply cache for no reason and cannot tell whether unanswered requests were executed.",
    todo: "Raise the server's session timeout to at least lease_time; look for limits on sessions for each client.",
  },
  downgrades: { V: 1, H: 1, G: 1 },
  watch: ({ report }) =>
    watchLostSessions(({ session, call, reply, idleNanos }, { cause }) => {
      if (cause !== "others-live") return;
      report({
        ...subject(call, session),
        since: reply.at - idleNanos,
        because: session.server.leaseSeconds === null ? ["V"] : [],
        frames: exchangeFrames(call, reply),
        expected: { status: [NFS4_OK] },
        actual: { status: [NFS4ERR_BADSESSION] },
        message: `session ${session.id} was dropped ${seconds(idleNanos)} after its last use, lease_time is ${seconds(session.server.leaseNanos)}`,
      });
    }),
};
