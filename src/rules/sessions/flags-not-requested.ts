import {
  CREATE_SESSION4_FLAG_CONN_BACK_CHAN,
  CREATE_SESSION4_FLAG_CONN_RDMA,
  createSessionFlagNames,
} from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

const ONLY_ON_REQUEST = CREATE_SESSION4_FLAG_CONN_BACK_CHAN | CREATE_SESSION4_FLAG_CONN_RDMA;

/** The back channel and RDMA are granted only to those who ask. PERSIST has its own rule. */
export const flagsNotRequested: Rule = {
  id: "flags-not-requested",
  severity: "error",
  fault: "server",
  title: "CREATE_SESSION granted a flag that was not asked for",
  rfc: "RFC 8881 18.36.3",
  help: {
    means: "csr_flags has CREATE_SESSION4_FLAG_CONN_BACK_CHAN or CREATE_SESSION4_FLAG_CONN_RDMA, csa_flags had not.",
    hurts:
      "The server believes in a back channel or an RDMA transport that the client does not serve: callbacks go unanswered and delegations are revoked.",
    todo: "In the server, grant no more than the client's csa_flags.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, result, session, client, standing }) {
      if (result === null || standing === "replay") return;
      const extra = result.flags & ~args.flags & ONLY_ON_REQUEST;
      if (extra === 0) return;
      const names = createSessionFlagNames(extra).join(", ");
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { text: `csr_flags without ${names}` },
        actual: { text: `csr_flags with ${names}` },
        message: `csr_flags has ${names}, csa_flags had not`,
      });
    },
  }),
};
