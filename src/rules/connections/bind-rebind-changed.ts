import { NFS4ERR_INVAL } from "../../nfs4/constants.ts";
import { isLegalBind } from "../../session/connection.ts";
import { rebindOf } from "../bindings.ts";
import { channelsText, grantName, wishName } from "../channel-names.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** A bound connection got another set of channels. */
export const bindRebindChanged: Rule = {
  id: "bind-rebind-changed",
  severity: "error",
  fault: "server",
  title: "A second BIND_CONN_TO_SESSION changed the channels of a bound connection",
  rfc: "RFC 8881 18.34.3",
  help: {
    means:
      "The connection was bound already, and the client demanded other channels: the server has to answer NFS4ERR_INVAL. It is only a note when the client would have been content with what it had, and the server gave it both channels: the RFC neither allows nor forbids that, and clients count on it to get their back channel again.",
    hurts:
      "After such a change one side may send callbacks, or requests, on a connection that the other has given up for them.",
    todo: "In the server, compare the wish with the existing binding. In the client, bind other channels on a new connection.",
    seenIn: "DittoFS rebinds whatever is asked; knfsd widens a fore binding for FORE_OR_BOTH",
  },
  downgrades: { M: 1, G: 1 },
  watch: ({ report }) => ({
    "bind-conn-to-session"(operation) {
      const { call, args, reply, result, session, status } = operation;
      const rebind = rebindOf(operation);
      if (rebind === null || result === null || !isLegalBind(args.direction, result.direction)) return;
      const { bound, demandsChange } = rebind;
      const isWidened = (result.direction & ~bound) !== 0;
      if (!demandsChange && !isWidened) return;
      const asked = `the connection was bound to ${channelsText(bound)}, BIND_CONN_TO_SESSION asked for ${wishName(args.direction)}`;
      report({
        ...subject(call, session),
        severity: demandsChange ? "error" : "note",
        fault: demandsChange ? "server" : "none",
        since: call.connection.opened.at,
        frames: exchangeFrames(call, reply),
        ...(demandsChange ? { expected: { status: [NFS4ERR_INVAL] } } : {}),
        actual: { status: [status], text: grantName(result.direction) },
        message: `${asked} and got ${grantName(result.direction)}${demandsChange ? " instead of NFS4ERR_INVAL" : ""}`,
      });
    },
  }),
};
