import { NFS4ERR_DELAY, statusName } from "../../nfs4/constants.ts";
import type { Facts } from "../../session/facts.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** The client sent a CREATE_SESSION twice. */
export const createSessionReplay: Rule = {
  id: "create-session-replay",
  severity: "note",
  fault: "client",
  title: "CREATE_SESSION was sent again",
  rfc: "RFC 8881 18.36.4, 15.1.1.3",
  help: {
    means:
      "The client sent CREATE_SESSION with the csa_sequence of the one before; the server has to repeat its answer instead of making another session.",
    hurts: "Nothing. It is the right thing to do when the first reply was lost.",
    todo: "Nothing, unless the first reply had reached the client.",
  },
  pynfs: ["CSESS5"],
  downgrades: {},
  watch: ({ report }) => ({
    "create-session"(created) {
      const { call, args, reply, client, session, earlier, status } = created;
      if (!isReplay(created) || earlier === null || earlier.status === NFS4ERR_DELAY) return;
      report({
        ...subject(call, session),
        client,
        frames: [...exchangeFrames(earlier.call, earlier.reply), ...exchangeFrames(call, reply)],
        actual: { seq: args.sequence, status: [status] },
        message: `CREATE_SESSION of client ID 0x${args.clientId} with csa_sequence ${args.sequence} was sent again: ${statusName(status)}`,
      });
    },
  }),
};

/** The contrived reply to a number before the first is no replay: create-session-first-seq speaks of it. */
function isReplay({ standing, args, earlier, reply }: Facts["create-session"]): boolean {
  return standing === "replay" && reply !== null && earlier?.args.sequence === args.sequence;
}
