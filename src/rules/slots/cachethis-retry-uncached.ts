import { NFS4_OK, NFS4ERR_RETRY_UNCACHED_REP, statusName } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import { answerText } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isRepeat, isSettledByError } from "../retry.ts";
import type { Rule, Severity } from "../rule.ts";
import { betterNotRepeated, unrepeatable } from "../unrepeatable.ts";

/** A request that must not run twice was retried without a cached reply */
export const cachethisRetryUncached: Rule = {
  id: "cachethis-retry-uncached",
  severity: "warning",
  fault: "client",
  title: "A request that must not run twice was retried without a cached reply",
  rfc: "RFC 8881 2.10.6.1.3",
  help: {
    means:
      "The request holds a non-idempotent operation and was sent with sa_cachethis clear. Now it is retried, and the replier need not have kept the reply.",
    hurts: "The client learns that the request was executed, but not with what result.",
    todo: "In the client, set sa_cachethis for requests whose reply cannot be found out otherwise.",
  },
  pynfs: ["SEQ10b"],
  downgrades: { G: "off", T: "off" },
  watch({ report, argsOf }) {
    const harmful = new WeakMap<Call, Severity>();
    const check = (call: Call) => {
      const severity = harmful.get(call);
      if (call.original === null || severity === undefined) return;
      const second = call.reply?.secondStatus ?? NO_STATUS;
      const outcome =
        second > 0 ? `the server answered ${statusName(second)} to the second operation` : answerText(call);
      report({
        call,
        severity,
        ...(severity === "note" ? { fault: "none" as const } : {}),
        since: call.original.at,
        frames: [...exchangeFrames(call.original), ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_RETRY_UNCACHED_REP, NFS4_OK] },
        ...(second >= 0 ? { actual: { seq: call.seq, status: [second] } } : {}),
        message: `slot ${call.slotId}: seq ${call.seq}, not to be cached, was retried; ${outcome}`,
      });
    };
    return {
      "call-retry": (call) => {
        if (!isRepeat(call) || call.cachethis || isSettledByError(call)) return;
        if (unrepeatable(call, argsOf) !== null) harmful.set(call, "warning");
        // Linux sends RECLAIM_COMPLETE and the like uncached: whoever repeats them finds out what became of them.
        else if (betterNotRepeated(call) !== null) harmful.set(call, "note");
      },
      answer: check,
      unanswered: check,
    };
  },
};
