import { NFS4_OK, NFS4ERR_TOOSMALL } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { SMALLEST_REPLY_BYTES } from "../smallest-messages.ts";
import { subject } from "../subject.ts";

/** The server accepted a channel through which it cannot answer. */
export const toosmallNotReturned: Rule = {
  id: "toosmall-not-returned",
  severity: "warning",
  fault: "server",
  title: "The server accepted a channel that can hold no reply",
  rfc: "RFC 8881 18.36.3",
  help: {
    means:
      "The client asked for a fore channel with a ca_maxresponsesize in which not even the reply to a lone SEQUENCE fits, and the server granted it as it was. It should have answered NFS4ERR_TOOSMALL.",
    hurts: "The session exists and no request on it can be answered within its limits.",
    todo: "In the server, refuse ca_maxresponsesize below the size of its smallest reply.",
    seenIn: "DittoFS accepts any size",
  },
  pynfs: ["CSESS25"],
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, result, session, client, standing }) {
      if (result === null || standing === "replay") return;
      const { maxResponseSize } = args.fore;
      if (maxResponseSize >= SMALLEST_REPLY_BYTES.fore || result.fore.maxResponseSize !== maxResponseSize) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { status: [NFS4ERR_TOOSMALL] },
        actual: { status: [NFS4_OK] },
        message: `fore ca_maxresponsesize ${maxResponseSize} was granted, the smallest reply takes ${SMALLEST_REPLY_BYTES.fore} bytes`,
      });
    },
  }),
};
