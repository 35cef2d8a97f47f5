import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { xidText } from "../xid-text.ts";

/** One call, two replies. */
export const duplicateReply: Rule = {
  id: "duplicate-reply",
  severity: "warning",
  fault: "server",
  title: "A call was answered twice",
  rfc: "RFC 8881 2.9.2, RFC 5531 9",
  help: {
    means: "Two RPC replies with the same xid came for a call that was sent once. They are no TCP retransmissions.",
    hurts: "The second one may be taken for the reply to a later call with that xid; with RDMA it uses up credits.",
    todo: "In the replier, look for a request that is queued twice, for instance when it is put off and resumed.",
  },
  downgrades: { G: 1 },
  watch({ report }) {
    // The xid was in use for two calls at once: both may have got their reply.
    const shared = new WeakSet<Call>();
    return {
      "xid-reused"({ call, earlier }) {
        shared.add(call);
        shared.add(earlier);
      },
      "reply-duplicate"({ call, reply }) {
        if (shared.has(call) || wasSentTwice(call)) return;
        report({
          call,
          since: call.at,
          frames: [...exchangeFrames(call), reply],
          expected: { text: "1 reply" },
          actual: { text: "2 replies" },
          message: `xid ${xidText(call.xid)} was sent once and answered twice`,
        });
      },
    };
  },
};

function wasSentTwice(call: Call): boolean {
  const { first } = call;
  const isCopy = (other: Call) => other !== call && other.xid === call.xid && other.connection === call.connection;
  return isCopy(first) || (first.retries?.some(isCopy) ?? false);
}
