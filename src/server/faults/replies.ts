import type { SEQUENCE4resok } from "../../nfs4/ops/session.ts";
import type { Fault } from "./fault.ts";

/** Changes the result of SEQUENCE. */
function echoing(change: (result: SEQUENCE4resok) => SEQUENCE4resok): Fault["hooks"] {
  return () => ({ sequenced: change });
}

/** What a server must not do with replies. RFC 8881 §2.9.2, §18.46 */
export const replyFaults: readonly Fault[] = [
  {
    id: "reply-session-mismatch",
    does: "names another session in its replies",
    probes: ["first-one", "concurrency"],
    hooks: echoing((result) => {
      const sr_sessionid = result.sr_sessionid.slice();
      sr_sessionid[15] = (sr_sessionid[15] as number) ^ 1;
      return { ...result, sr_sessionid };
    }),
  },
  {
    id: "reply-seqid-mismatch",
    does: "names the next sequence id in its replies",
    probes: ["first-one"],
    hooks: echoing((result) => ({ ...result, sr_sequenceid: (result.sr_sequenceid + 1) >>> 0 })),
  },
  {
    id: "reply-slot-mismatch",
    does: "names another slot in its replies",
    probes: ["first-one"],
    hooks: echoing((result) => ({ ...result, sr_slotid: result.sr_slotid ^ 1 })),
  },
  {
    id: "reply-wrong-connection",
    does: "answers retries on another connection than they came on",
    probes: [
      "retry-other-conn",
      "conn-loss-mid",
      "retry-cached-nonidem",
      "retry-cached-error",
      "retry-uncached",
      "in-progress-same-conn",
      "in-progress-two-conns",
      "busy-next",
      "rep-too-big-partial",
    ],
    hooks: () => ({
      replying: (reply, isRetry, others) => {
        const [other] = others;
        return isRetry && other !== undefined ? { ...reply, connection: other } : reply;
      },
    }),
  },
  {
    id: "silent-drop",
    does: "never answers a retry",
    probes: [
      "retry-cached-ok",
      "retry-other-conn",
      "conn-loss-mid",
      "retry-cached-nonidem",
      "retry-cached-error",
      "retry-illegal",
      "retry-solo",
      "retry-uncached",
      "retry-many",
      "retry-new-xid",
      "in-progress-same-conn",
      "in-progress-two-conns",
      "busy-next",
      "retry-highest-changed",
      "too-many-ops",
      "rep-too-big-partial",
    ],
    hooks: () => ({ replying: (reply, isRetry) => (isRetry ? null : reply) }),
  },
];
