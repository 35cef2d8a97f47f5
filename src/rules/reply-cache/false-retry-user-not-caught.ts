import { NFS4_OK, NFS4ERR_SEQ_FALSE_RETRY } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { falseRetry } from "../false-retry-answer.ts";
import type { Rule } from "../rule.ts";
import { isMaybeSquashed } from "../squashing.ts";

/** One user never gets the reply of another. */
export const falseRetryUserNotCaught: Rule = {
  id: "false-retry-user-not-caught",
  severity: "error",
  fault: "server",
  title: "A user got the cached reply of another user",
  rfc: "RFC 8881 2.10.6.1.3, 2.10.6.1.3.1",
  help: {
    means:
      "A request came again with the credentials of another user, and the server answered with the reply that it had kept for the first one. It must compare the users and answer NFS4ERR_SEQ_FALSE_RETRY.",
    hurts: "Who can send on a session can read what others were answered.",
    todo: "In the server, keep the user with the slot, after squashing, and compare it before answering from the cache.",
    seenIn: "nfs-ganesha, nfs4j, buildbarn, DittoFS and chimera do not compare users",
  },
  downgrades: { G: "off", P: "off", V: 2 },
  watch: ({ report }) => ({
    answer(call) {
      // SEQUENCE alone tells nobody anything.
      if ((call.reply?.results.numbers.length ?? 0) < 2) return;
      const found = falseRetry(call);
      if (found === null || found.isSameUser || found.answer !== "cached") return;
      const { accepted } = found;
      report({
        call,
        since: accepted.at,
        frames: [...exchangeFrames(accepted), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [NFS4ERR_SEQ_FALSE_RETRY] },
        actual: { seq: call.seq, status: [NFS4_OK] },
        ...(isMaybeSquashed(call, accepted) ? { because: ["V"] as const } : {}),
        message: `slot ${call.slotId}: uid ${call.principal} got the reply to seq ${call.seq} that was kept for uid ${accepted.principal}`,
      });
    },
  }),
};
