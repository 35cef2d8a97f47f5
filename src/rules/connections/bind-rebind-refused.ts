import { NFS4_OK, NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { rebindOf } from "../bindings.ts";
import { channelsText, wishName } from "../channel-names.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A repetition that changes nothing was refused. */
export const bindRebindRefused: Rule = {
  id: "bind-rebind-refused",
  severity: "error",
  fault: "server",
  title: "A second BIND_CONN_TO_SESSION that demanded no change was refused",
  rfc: "RFC 8881 18.34.3",
  help: {
    means:
      "The connection was bound already to channels that the request is content with. Then it has no effect and must be answered NFS4_OK; the server answered NFS4ERR_INVAL.",
    hurts:
      "A client that only makes sure of its back channel, or repeats a lost request, takes the connection for unusable.",
    todo: "In the server, answer NFS4_OK when the existing binding satisfies bctsa_dir.",
  },
  downgrades: { M: 1, G: 1 },
  watch: ({ report }) => ({
    "bind-conn-to-session"(operation) {
      const { call, args, reply, session, status } = operation;
      const rebind = rebindOf(operation);
      if (status !== NFS4ERR_INVAL || rebind === null || rebind.demandsChange) return;
      report({
        ...subject(call, session),
        since: call.connection.opened.at,
        frames: exchangeFrames(call, reply),
        expected: { status: [NFS4_OK] },
        actual: { status: [status] },
        message: `the connection was bound to ${channelsText(rebind.bound)}, and BIND_CONN_TO_SESSION with ${wishName(args.direction)}, which demands no more, got NFS4ERR_INVAL`,
      });
    },
  }),
};
