import { NFS4ERR_DELAY } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { DelayedRequests } from "../delayed-requests.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** The first of a callback's answers, and how many there were. */
interface Run {
  readonly first: Call;
  readonly times: number;
}

/** A client may ask for patience, but not for ever. */
export const backchannelDelayLoop: Rule = {
  id: "backchannel-delay-loop",
  severity: "warning",
  fault: "client",
  title: "The client answered one callback with NFS4ERR_DELAY again and again",
  rfc: "RFC 8881 2.10.6.3, 20.2.4",
  help: {
    means:
      "The same callback was sent more than ten times, and each time the client answered NFS4ERR_DELAY. That is meant for a moment: until the reply that the callback has overtaken arrives.",
    hurts: "Whoever wants what is to be recalled waits, until the server loses patience and revokes it.",
    todo: "In the client, find out what the callback waits for: a reply that never came, a session that is draining, writes that do not end.",
  },
  downgrades: { G: "off" },
  channel: "back",
  options: { repeatedTimes: 10 },
  watch({ report, option }) {
    const most = option("repeatedTimes");
    const delayed = new DelayedRequests();
    const runs = new WeakMap<Call, Run>();
    const resent = (call: Call) => {
      const earlier = delayed.take(call);
      if (earlier !== null) runs.set(call, runs.get(earlier) ?? { first: earlier, times: 1 });
    };
    const note = (call: Call) => {
      const { reply } = call;
      if (reply === null || (reply.sequenceStatus !== NFS4ERR_DELAY && reply.lastStatus !== NFS4ERR_DELAY)) return;
      delayed.add(call);
      const run = runs.get(call);
      if (run === undefined) return;
      const { first } = run;
      const times = run.times + 1;
      runs.set(call, { first, times });
      if (times !== most + 1) return;
      report({
        call,
        since: first.at,
        frames: [...exchangeFrames(first), ...exchangeFrames(call)],
        expected: { text: "NFS4_OK before long" },
        actual: { status: [NFS4ERR_DELAY], text: `${times} times` },
        message: `one callback was answered NFS4ERR_DELAY ${times} times, first on slot ${first.slotId} (seq ${first.seq}), last on slot ${call.slotId} (seq ${call.seq})`,
      });
    };
    return { "call-new": resent, "call-retry": resent, "call-adopted": resent, "answer-clean": note, answer: note };
  },
};
