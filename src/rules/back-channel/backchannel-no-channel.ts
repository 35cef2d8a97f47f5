import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  NFS4ERR_BADSESSION,
  NFS4ERR_CONN_NOT_BOUND_TO_SESSION,
} from "../../nfs4/constants.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { doubtsOf } from "../client-doubts.ts";
import type { Rule } from "../rule.ts";

/** Bit of channel_dir_from_server4. RFC 8881 §18.34.2 */
const CDFS4_BACK = 2;

/** Only the client can give a session a back channel. */
export const backchannelNoChannel: Rule = {
  id: "backchannel-no-channel",
  severity: "error",
  fault: "server",
  title: "A callback was sent on a session without a back channel",
  rfc: "RFC 8881 2.10.3.1, 18.36.3",
  help: {
    means:
      "CREATE_SESSION was granted without CREATE_SESSION4_FLAG_CONN_BACK_CHAN, and no connection was bound to the back channel since: the session has none.",
    hurts:
      "The client refuses the callback (Linux: NFS4ERR_BADSESSION) or does not listen at all. What is to be recalled stays out until it is revoked.",
    todo: "In the server, send callbacks on sessions of the client that have a back channel, and say SEQ4_STATUS_CB_PATH_DOWN where none has.",
  },
  downgrades: { M: "off", G: "off", H: 1, T: 1, P: "off" },
  channel: "both",
  supersedes: ["backchan-on-unbound-conn"],
  watch(context) {
    const bound = new WeakSet<ObservedSession>();
    return {
      "bind-conn-to-session"({ session, result }) {
        if (session !== null && result !== null && (result.direction & CDFS4_BACK) !== 0) bound.add(session);
      },
      "callback-call"(call) {
        const { session } = call;
        if (session === null || session.created === null || session.flags === null || bound.has(session)) return;
        if ((session.flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0) return;
        context.report({
          call,
          since: session.created.at,
          because: session.client === null ? [] : doubtsOf(session.client, context),
          // The reply to BIND_CONN_TO_SESSION may be recorded behind it, on another connection.
          holds: () => !bound.has(session),
          frames: [session.created, call],
          expected: { status: [NFS4ERR_CONN_NOT_BOUND_TO_SESSION, NFS4ERR_BADSESSION], text: "a back channel" },
          actual: { text: "none" },
          message: `a callback on session ${session.id}, which was given no back channel`,
        });
      },
    };
  },
};
