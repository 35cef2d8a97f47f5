import { NFS4ERR_NOT_ONLY_OP, OP_DESTROY_SESSION, operationName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** After DESTROY_SESSION of its own session a compound has no session to go on with. */
export const destroySessionPosition: Rule = {
  id: "destroy-session-position",
  severity: "error",
  fault: "client",
  title: "DESTROY_SESSION of the compound's own session is not the last operation",
  rfc: "RFC 8881 18.37.3",
  help: {
    means:
      "The compound starts with SEQUENCE, destroys that very session and has more operations behind DESTROY_SESSION.",
    hurts: "Servers refuse it (NFS4ERR_NOT_ONLY_OP in practice), so that the session lives on.",
    todo: "In the client, put DESTROY_SESSION last, or send it alone.",
    seenIn: "servers that count the compound's own slot as busy refuse it even in last place",
  },
  pynfs: ["DSESS9004"],
  downgrades: {},
  watch: ({ report }) => ({
    "destroy-session"({ call, reply, status, session }) {
      if (session === null || call.session !== session || reply === null) return;
      const last = call.operations.numbers.at(-1);
      if (last === undefined || last === OP_DESTROY_SESSION) return;
      report({
        call,
        frames: exchangeFrames(call, reply),
        expected: { status: [NFS4ERR_NOT_ONLY_OP] },
        actual: { status: [status] },
        message: `DESTROY_SESSION of the session in SEQUENCE is followed by ${operationName(last)}`,
      });
    },
  }),
};
