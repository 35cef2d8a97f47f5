import { isLegalBind } from "../../session/connection.ts";
import { grantName, wishName } from "../channel-names.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** The server bound the connection to other channels than it may. */
export const bindResultDir: Rule = {
  id: "bind-result-dir",
  severity: "error",
  fault: "server",
  title: "BIND_CONN_TO_SESSION was answered with channels that were not asked for",
  rfc: "RFC 8881 18.34.3",
  help: {
    means:
      "bctsr_dir does not fit bctsa_dir. FORE must be answered with FORE, BACK with BACK, FORE_OR_BOTH with FORE or BOTH, BACK_OR_BOTH with BACK or BOTH; an undefined wish with NFS4ERR_INVAL.",
    hurts:
      "Client and server disagree on where callbacks go: the server may wait for answers on a connection where the client does not listen.",
    todo: "In the server, map each value of channel_dir_from_client4 on its own, and refuse the others.",
    seenIn: "DittoFS takes undefined values for FORE",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "bind-conn-to-session"({ call, args, reply, result, session, status }) {
      if (result === null || reply === null || isLegalBind(args.direction, result.direction)) return;
      report({
        ...subject(call, session),
        frames: exchangeFrames(call, reply),
        expected: { text: "channels that bctsa_dir allows, or NFS4ERR_INVAL" },
        actual: { status: [status], text: grantName(result.direction) },
        message: `BIND_CONN_TO_SESSION asked for ${wishName(args.direction)} and got ${grantName(result.direction)}`,
      });
    },
  }),
};
