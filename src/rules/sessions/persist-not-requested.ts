import { CREATE_SESSION4_FLAG_PERSIST } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A persistent reply cache nobody asked for. */
export const persistNotRequested: Rule = {
  id: "persist-not-requested",
  severity: "note",
  fault: "server",
  title: "The server promised a persistent reply cache unasked",
  rfc: "RFC 8881 18.36.3",
  help: {
    means: "csr_flags has CREATE_SESSION4_FLAG_PERSIST although csa_flags had not. The RFC does not forbid it.",
    hurts: "Nothing if the cache really survives a restart. If not, clients that rely on it lose or repeat requests.",
    todo: "Check that the server means it.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"({ call, args, reply, result, session, client, standing }) {
      if (result === null || standing === "replay") return;
      if ((result.flags & ~args.flags & CREATE_SESSION4_FLAG_PERSIST) === 0) return;
      report({
        ...subject(call, session),
        client,
        frames: exchangeFrames(call, reply),
        message: "csr_flags has PERSIST, csa_flags had not",
      });
    },
  }),
};
