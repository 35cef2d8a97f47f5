import { NFS4_OK } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { requester } from "../replier.ts";
import type { Rule } from "../rule.ts";
import { xidText } from "../xid-text.ts";

/** A request is known by session, slot and sequence id; its xid may change. */
export const retryNewXid: Rule = {
  id: "retry-new-xid",
  severity: "note",
  fault: "client",
  title: "A request was sent again with a new xid",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "The same session, slot and sequence id came again under another xid. That is legal: the reply cache goes by the slot.",
    hurts: "Nothing, unless the server's duplicate detection goes by xid.",
    todo: "Nothing. It helps to know when calls are matched by xid in another tool.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "call-retry"(call) {
      const { original } = call;
      if (original === null || original.xid === call.xid || original.fingerprint !== call.fingerprint) return;
      const before = transmissionBefore(call, original);
      if (before === null) return;
      report({
        call,
        fault: requester(call),
        frames: [original, call],
        message: `slot ${call.slotId} seq ${call.seq} was sent again with xid ${xidText(call.xid)}, first with ${xidText(original.xid)}`,
      });
    },
  }),
};

/** Null when the xid was used for the request before, or when the last attempt was refused: then it is no retry. */
function transmissionBefore(call: Call, original: Call): Call | null {
  let before = original;
  for (const retry of original.retries ?? []) {
    if (retry === call) break;
    if (retry.xid === call.xid) return null;
    before = retry;
  }
  const { reply } = before;
  return reply !== null && reply.sequenceStatus !== NFS4_OK ? null : before;
}
