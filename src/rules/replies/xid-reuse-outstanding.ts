import type { Rule } from "../rule.ts";
import { xidText } from "../xid-text.ts";

/** The xid is what ties a reply to its call on a connection. A copy of the same request keeps it and is no offence. */
export const xidReuseOutstanding: Rule = {
  id: "xid-reuse-outstanding",
  severity: "warning",
  fault: "client",
  title: "An xid was used for another call before the first was answered",
  rfc: "RFC 5531 9",
  help: {
    means: "Two different calls with the same xid were waiting for a reply on one connection at the same time.",
    hurts:
      "The requester cannot tell the replies apart. Servers with a duplicate request cache keyed by xid may drop one of the calls.",
    todo: "In the requester, take a new xid for each call, and look for a counter that starts anew.",
  },
  downgrades: { G: 1 },
  watch: ({ report }) => ({
    "xid-reused"({ call, earlier }) {
      report({
        call,
        since: earlier.at,
        frames: [earlier, call],
        expected: { text: "another xid" },
        actual: { text: `xid ${xidText(call.xid)}` },
        message: `xid ${xidText(call.xid)} was used again while the call in frame ${earlier.frame} had no reply`,
      });
    },
  }),
};
