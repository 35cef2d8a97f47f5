import { NFS4ERR_BADSESSION } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import type { Rule } from "../rule.ts";
import { exchangeReport } from "../whole-answer.ts";

/** A session of one minor version in a compound of another. */
export const minorVersionMixed: Rule = {
  id: "minor-version-mixed",
  severity: "error",
  fault: "client",
  title: "A session is used under another minor version than its own",
  rfc: "RFC 8881 2.7 item 13, RFC 7862 2",
  help: {
    means:
      "Session ids, stateids and filehandles belong to the minor version under which the client got them. This compound names a session that was created, or first seen, under another one.",
    hurts: "No RFC says what happens then. Servers take it, refuse the session, or look for it in the wrong table.",
    todo: "In the client, keep one session for each minor version. A data server of NFSv4.1 beside a metadata server of NFSv4.2 has its own anyway.",
  },
  downgrades: { M: 1, G: 1, H: 1 },
  supersedes: ["op-beyond-minor"],
  watch({ report }) {
    const accuse = (call: Call, session: ObservedSession) => {
      const how = session.created === null ? "first seen" : "created";
      const message = `a session ${how} under minor version ${session.minorVersion} was used under ${call.minorVersion}`;
      const expected = { text: `minor version ${session.minorVersion}` };
      // A hole may hide the session's end and its creation anew with the same id.
      report({ ...exchangeReport(call, message, expected), session, since: session.firstSeen.at });
    };
    return {
      "compound-form"({ call, fault }) {
        if (fault.kind === "minor-version-mixed" && call.session !== null) accuse(call, call.session);
      },
      "bind-conn-to-session"({ call, session, status }) {
        if (isMixed(call, session, status)) accuse(call, session);
      },
      "destroy-session"({ call, session, status }) {
        if (isMixed(call, session, status)) accuse(call, session);
      },
    };
  },
};

/** Named in the arguments; a SEQUENCE in front was told of already where it names the same. */
function isMixed(call: Call, session: ObservedSession | null, status: number): session is ObservedSession {
  if (session === null || session === call.session || status === NFS4ERR_BADSESSION) return false;
  return session.minorVersion !== call.minorVersion;
}
