import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** csr_sequence repeats csa_sequence. */
export const createSessionCsrSeq: Rule = {
  id: "create-session-csr-seq",
  severity: "error",
  fault: "server",
  title: "CREATE_SESSION's reply carries another sequence id than its call",
  rfc: "RFC 8881 18.36.3",
  help: {
    means: "csr_sequence has to equal csa_sequence; here it does not.",
    hurts: "The reply may be that of another CREATE_SESSION. Clients reject it, or go on with the wrong count.",
    todo: "In the server, copy csa_sequence into the reply and check that the reply cache is keyed by client ID.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, result, session, client }) {
      if (result === null || result.sequence === args.sequence) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        expected: { seq: args.sequence },
        actual: { seq: result.sequence },
        message: `csr_sequence is ${result.sequence}, csa_sequence was ${args.sequence}`,
      });
    },
  }),
};
