import type { Call } from "../../session/call.ts";
import { isRepeat, isSettledByError } from "../retry.ts";
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
  oncePerUpheaval: true,
  watch: ({ report }) => ({
    "call-retry"(call) {
      const { original } = call;
      // After an error it is a fresh attempt, for which a new xid is the rule.
      if (original === null || !isRepeat(call) || isSettledByError(call) || isKnownXid(call, original)) return;
      report({
        call,
        frames: [original, call],
        message: `slot ${call.slotId} seq ${call.seq} was sent again with xid ${xidText(call.xid)}, first with ${xidText(original.xid)}`,
      });
    },
  }),
};

function isKnownXid(call: Call, original: Call): boolean {
  return (
    original.xid === call.xid || (original.retries?.some((retry) => retry !== call && retry.xid === call.xid) ?? false)
  );
}
