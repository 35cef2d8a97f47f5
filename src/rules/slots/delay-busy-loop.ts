import { NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { DelayedRequests } from "../delayed-requests.ts";
import type { Rule } from "../rule.ts";

/** A delayed request is sent again without waiting */
export const delayBusyLoop: Rule = {
  id: "delay-busy-loop",
  severity: "warning",
  fault: "client",
  title: "A delayed request is sent again without waiting",
  rfc: "RFC 8881 15.1.1.3",
  help: {
    means:
      "NFS4ERR_DELAY asks the client to wait before it tries again. This one came back within ten milliseconds, five times in a row.",
    hurts: "It loads server and network and keeps the server from what it is waiting for.",
    todo: "In the client, wait after NFS4ERR_DELAY, longer each time.",
  },
  downgrades: {},
  options: { resends: 5, hasteMilliseconds: 10 },
  watch({ report, option }) {
    const resends = option("resends");
    const hasteMillis = option("hasteMilliseconds");
    const delayed = new DelayedRequests();
    const runs = new WeakMap<Call, number>();
    const resent = (call: Call) => {
      const earlier = delayed.take(call);
      if (earlier?.reply == null) return;
      if (call.at - earlier.reply.at >= hasteMillis * 1e6) return;
      const run = (runs.get(earlier) ?? 0) + 1;
      runs.set(call, run);
      if (run !== resends) return;
      report({
        call,
        since: earlier.at,
        frames: [earlier, earlier.reply, call],
        expected: { text: "longer and longer pauses" },
        actual: { text: `${run} times within ${hasteMillis} ms` },
        message: `slot ${call.slotId}: a request was sent again ${run} times in a row within ${hasteMillis} ms of NFS4ERR_DELAY`,
      });
    };
    const note = (call: Call) => {
      if (call.reply?.status === NFS4ERR_DELAY) delayed.add(call);
    };
    return { "call-new-troubled": resent, "call-retry": resent, answer: note, "answer-failed": note };
  },
};
