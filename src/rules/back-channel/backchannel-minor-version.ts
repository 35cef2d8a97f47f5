import { NFS4ERR_MINOR_VERS_MISMATCH } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";

/** A session has one minor version, in both directions. */
export const backchannelMinorVersion: Rule = {
  id: "backchannel-minor-version",
  severity: "error",
  fault: "server",
  title: "A callback has another minor version than its session",
  rfc: "RFC 8881 19.2.3, 18.36.3",
  help: {
    means:
      "The minor version of a CB_COMPOUND must be that of the COMPOUND which created the session. Minor version 1 on a session of minor version 2 is only a warning: a sentence in the RFC asks for 1 literally.",
    hurts: "The client answers NFS4ERR_MINOR_VERS_MISMATCH, and nothing can be recalled from it.",
    todo: "In the server, keep the minor version with the session and use it for callbacks.",
    seenIn: "DittoFS always sends 1",
  },
  downgrades: { M: 1 },
  channel: "back",
  watch: ({ report }) => ({
    "callback-call"(call) {
      const { session, minorVersion } = call;
      if (session === null || session.minorVersion === minorVersion) return;
      report({
        session: call.session,
        connection: call.connection,
        ...(minorVersion === 1 ? { severity: "warning" as const } : {}),
        since: session.firstSeen.at,
        frames: [session.firstSeen, call],
        expected: { status: [NFS4ERR_MINOR_VERS_MISMATCH], text: `minor version ${session.minorVersion}` },
        actual: { text: `minor version ${minorVersion}` },
        message: `a callback of minor version ${minorVersion} on a session of minor version ${session.minorVersion}`,
      });
    },
  }),
};
