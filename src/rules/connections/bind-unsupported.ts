import { NFS4ERR_NOTSUPP, NFS4ERR_OP_ILLEGAL, NFS4ERR_OP_NOT_IN_SESSION, statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

const UNSUPPORTED: ReadonlySet<number> = new Set([NFS4ERR_NOTSUPP, NFS4ERR_OP_ILLEGAL, NFS4ERR_OP_NOT_IN_SESSION]);

/** The server does not have an operation that every server must have. */
export const bindUnsupported: Rule = {
  id: "bind-unsupported",
  severity: "error",
  fault: "server",
  title: "The server does not support BIND_CONN_TO_SESSION",
  rfc: "RFC 8881 17 Table 16, 18.34, RFC 7862 13 Table 5",
  help: {
    means: "BIND_CONN_TO_SESSION is REQUIRED of every NFSv4.1 server, and it is sent without SEQUENCE.",
    hurts:
      "After a reconnect the client has no way to give the server its back channel again: no callbacks, hence no delegations and layouts, until a new session.",
    todo: "In the server, implement the operation. In the client, create a new session to get a back channel.",
    seenIn: "nfs4j",
  },
  downgrades: {},
  supersedes: ["status-not-listed"],
  watch: ({ report }) => ({
    "bind-conn-to-session"({ call, reply, session, status }) {
      // Anywhere else than alone in its compound it is not to be supported. RFC 8881 §18.34.3
      if (reply === null || call.operations.numbers.length > 1 || !UNSUPPORTED.has(status)) return;
      report({
        ...subject(call, session),
        frames: exchangeFrames(call, reply),
        expected: { text: "an answer of a server that has the operation" },
        actual: { status: [status] },
        message: `BIND_CONN_TO_SESSION, which every server must support, was answered ${statusName(status)}`,
      });
    },
  }),
};
