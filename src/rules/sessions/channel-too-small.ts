import { CREATE_SESSION4_FLAG_CONN_BACK_CHAN, NFS4ERR_TOOSMALL } from "../../nfs4/constants.ts";
import type { CreateSessionArgs } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { SMALLEST_REPLY_BYTES, SMALLEST_REQUEST_BYTES } from "../smallest-messages.ts";
import { subject } from "../subject.ts";

/** The client asked for a channel through which nothing fits. */
export const channelTooSmall: Rule = {
  id: "channel-too-small",
  severity: "warning",
  fault: "client",
  title: "CREATE_SESSION asked for a channel too small for SEQUENCE",
  rfc: "RFC 8881 18.36.3",
  help: {
    means:
      "With the requested ca_maxresponsesize not even the smallest reply fits (a warning), or ca_maxrequestsize holds no SEQUENCE or ca_maxoperations leaves room for nothing behind it (a note).",
    hurts: "The server should answer NFS4ERR_TOOSMALL. If it does not, every request on the session fails.",
    todo: "In the client, ask for realistic sizes; look for a value that was not initialised.",
  },
  pynfs: ["CSESS25"],
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, status, session, client }) {
      const replyTooSmall = tooSmallForReplies(args);
      const text = replyTooSmall ?? tooSmallForRequests(args);
      if (text === null) return;
      report({
        ...subject(call, session),
        client,
        severity: replyTooSmall === null ? "note" : "warning",
        frames: exchangeFrames(call, reply),
        expected: replyTooSmall === null ? {} : { status: [NFS4ERR_TOOSMALL] },
        actual: { status: [status] },
        message: text,
      });
    },
  }),
};

function tooSmallForReplies({ flags, fore, back }: CreateSessionArgs): string | null {
  if (fore.maxResponseSize < SMALLEST_REPLY_BYTES.fore) {
    return `fore ca_maxresponsesize ${fore.maxResponseSize} holds no reply: SEQUENCE alone takes ${SMALLEST_REPLY_BYTES.fore} bytes`;
  }
  const hasBack = (flags & CREATE_SESSION4_FLAG_CONN_BACK_CHAN) !== 0;
  if (hasBack && back.maxResponseSize < SMALLEST_REPLY_BYTES.back) {
    return `back ca_maxresponsesize ${back.maxResponseSize} holds no reply: CB_SEQUENCE alone takes ${SMALLEST_REPLY_BYTES.back} bytes`;
  }
  return null;
}

function tooSmallForRequests({ fore }: CreateSessionArgs): string | null {
  if (fore.maxRequestSize < SMALLEST_REQUEST_BYTES) {
    return `fore ca_maxrequestsize ${fore.maxRequestSize} holds no request: SEQUENCE alone takes ${SMALLEST_REQUEST_BYTES} bytes`;
  }
  if (fore.maxOperations < 2) return `fore ca_maxoperations ${fore.maxOperations} leaves no operation besides SEQUENCE`;
  return null;
}
