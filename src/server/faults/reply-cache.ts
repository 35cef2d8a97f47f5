import {
  CREATE_SESSION4_FLAG_PERSIST,
  NFS4_OK,
  NFS4ERR_DEADSESSION,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_RETRY_UNCACHED_REP,
  NFS4ERR_SEQ_FALSE_RETRY,
  NFS4ERR_SEQ_MISORDERED,
} from "../../nfs4/constants.ts";
import { CONDITION, nextSeq } from "../../session/slot.ts";
import type { SlotAnswer } from "../../session/slot-table.ts";
import type { AskedSequence } from "../hooks.ts";
import type { ServedSession } from "../served-session.ts";
import type { Fault } from "./fault.ts";

type Answer = SlotAnswer<Uint8Array>;

/** Makes the slot take the request as a new one, whatever its sequence id. */
function takenAsNew(answer: Answer, { session, slotId, seq, request }: AskedSequence): Answer {
  session.model.fore.restoreSlot(slotId, (seq - 1) >>> 0, request, { kind: "uncached" });
  return { ...answer, verdict: "new", status: NFS4_OK, cached: null };
}

function refused(answer: Answer, status: number): Answer {
  return { ...answer, status, cached: null };
}

function differs({ conditions }: Answer, condition: number): boolean {
  return (conditions & condition) !== 0;
}

const isTrueRetry = (answer: Answer) =>
  answer.verdict === "retry" && !differs(answer, CONDITION.userDiffers) && !differs(answer, CONDITION.requestDiffers);

/** What a server must not do with sequence ids and kept replies. RFC 8881 §2.10.6 */
export const replyCacheFaults: readonly Fault[] = [
  {
    id: "server-accepted-misordered",
    does: "accepts sequence ids that skip ahead",
    probes: ["first-two", "seq-plus-two"],
    hooks: () => ({
      judged: (answer, asked) => (answer.verdict === "ahead" ? takenAsNew(answer, asked) : answer),
    }),
  },
  {
    id: "server-rejected-valid",
    does: "refuses every second request of a slot at first",
    probes: [
      "concurrency",
      "retry-cached-ok",
      "retry-illegal",
      "retry-solo",
      "seq-plus-two",
      "seq-far",
      "seq-minus-one",
      "slot-last",
      "slot-max",
      "highest-below-slot",
      "highest-beyond",
      "highest-lower",
      "grow",
      "eid-new-verifier-early",
      "dcid",
      "cs-replay-in-seq",
      "ds-in-own-last",
      "ds-in-other",
      "retry-other-conn",
      "conn-loss-mid",
      "conn-loss-then-new",
      "half-sent",
      "foreign-session",
      "bind-again",
      "bind-bad-session",
      "implicit-bind",
      "multi-session-conn",
      "v40-ops",
      "tag-utf8",
      "truncated-xdr",
      "reclaim-complete",
      "sessions-per-client",
      "pipelining-same-slot",
      "false-retry-args",
      "false-retry-ops",
      "false-retry-fewer",
      "false-retry-cachethis",
      "retry-highest-changed",
      "sequence-pos",
      "sequence-third",
      "too-many-ops",
      "req-too-big",
      "rep-too-big",
      "rep-too-big-cache",
      "unsafe-compound",
    ],
    hooks: () => ({
      judged: (answer, { seq }) =>
        answer.verdict === "new" && seq === 2 ? refused(answer, NFS4ERR_SEQ_MISORDERED) : answer,
    }),
  },
  {
    id: "server-rejected-retry",
    does: "refuses retries of finished requests",
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
    hooks: () => ({
      judged: (answer) => (isTrueRetry(answer) ? refused(answer, NFS4ERR_SEQ_MISORDERED) : answer),
    }),
  },
  {
    id: "replay-reply-differs",
    does: "changes the last byte of a kept reply",
    probes: [
      "retry-cached-ok",
      "retry-other-conn",
      "retry-cached-nonidem",
      "retry-cached-error",
      "retry-illegal",
      "retry-many",
      "retry-new-xid",
      "in-progress-same-conn",
      "in-progress-two-conns",
      "busy-next",
      "retry-highest-changed",
      "too-many-ops",
      "rep-too-big-partial",
    ],
    hooks: () => ({
      replayed(body) {
        const changed = body.slice();
        const last = changed.length - 1;
        changed[last] = (changed[last] as number) ^ 1;
        return changed;
      },
    }),
  },
  {
    id: "double-execution",
    does: "executes retries anew",
    probes: [
      "retry-cached-nonidem",
      "conn-loss-mid",
      "retry-uncached",
      "retry-uncached-no-exec",
      "in-progress-same-conn",
      "in-progress-two-conns",
      "busy-next",
      "rep-too-big-partial",
    ],
    hooks: () => ({ judged: (answer, asked) => (isTrueRetry(answer) ? takenAsNew(answer, asked) : answer) }),
  },
  {
    id: "cached-reply-lost",
    does: "forgets the replies that it was asked to keep",
    probes: [
      "retry-cached-ok",
      "retry-other-conn",
      "conn-loss-mid",
      "retry-cached-nonidem",
      "retry-cached-error",
      "retry-many",
      "retry-new-xid",
      "in-progress-same-conn",
      "in-progress-two-conns",
      "busy-next",
      "retry-highest-changed",
      "too-many-ops",
      "rep-too-big-partial",
    ],
    hooks: () => ({
      judged: (answer) => (answer.cached?.kind === "full" ? { ...answer, cached: { kind: "uncached" } } : answer),
    }),
  },
  {
    id: "retry-uncached-on-sequence",
    does: "says RETRY_UNCACHED_REP on SEQUENCE itself",
    probes: ["retry-uncached", "retry-illegal", "retry-solo"],
    hooks: () => ({
      judged: (answer) =>
        answer.verdict === "retry" && answer.cached?.kind === "uncached"
          ? refused(answer, NFS4ERR_RETRY_UNCACHED_REP)
          : answer,
    }),
  },
  {
    id: "retry-uncached-on-illegal-op",
    does: "says RETRY_UNCACHED_REP for operations that do not exist",
    probes: ["retry-illegal"],
    hooks: () => ({
      uncachedStatus: (status) =>
        status === NFS4ERR_OP_ILLEGAL || status === NFS4ERR_NOTSUPP ? NFS4ERR_RETRY_UNCACHED_REP : status,
    }),
  },
  {
    id: "retry-in-progress-not-delay",
    does: "says SEQ_FALSE_RETRY to the retry of a request that still runs",
    probes: ["in-progress-same-conn", "in-progress-two-conns"],
    hooks: () => ({
      judged: (answer) => (answer.verdict === "retry-in-flight" ? refused(answer, NFS4ERR_SEQ_FALSE_RETRY) : answer),
    }),
  },
  {
    id: "seq-error-moved-slot",
    does: "moves the slot on although SEQUENCE failed",
    probes: ["too-many-ops", "req-too-big", "rep-too-big-cache"],
    hooks: () => ({
      refused({ session, slotId, seq, request }, status) {
        const slot = session.model.fore.slot(slotId);
        const wasNext = slot !== null && !slot.isBusy && nextSeq(slot.lastSeq) === seq;
        if (wasNext && status !== NFS4ERR_SEQ_MISORDERED) {
          session.model.fore.restoreSlot(slotId, seq, request, { kind: "uncached" });
        }
      },
    }),
  },
  {
    id: "false-retry-executed",
    does: "executes another request that comes under a used sequence id",
    probes: ["false-retry-mutating", "false-retry-args", "false-retry-ops", "false-retry-fewer"],
    hooks: () => ({
      judged: (answer, asked) =>
        answer.verdict === "retry" &&
        differs(answer, CONDITION.requestDiffers) &&
        !differs(answer, CONDITION.userDiffers)
          ? takenAsNew(answer, asked)
          : answer,
    }),
  },
  {
    id: "false-retry-user-not-caught",
    does: "gives a user the kept reply of another one",
    probes: ["false-retry-user"],
    hooks: () => ({
      judged: (answer, asked) => (differs(answer, CONDITION.userDiffers) ? keptReply(answer, asked) : answer),
    }),
  },
  {
    id: "false-retry-undetected",
    does: "answers another request under a used sequence id with the kept reply of the first, which is legal",
    probes: [],
    hooks: () => ({
      judged: (answer, asked) =>
        answer.verdict === "retry" &&
        differs(answer, CONDITION.requestDiffers) &&
        !differs(answer, CONDITION.userDiffers)
          ? keptReply(answer, asked)
          : answer,
    }),
  },
  {
    id: "session-shared",
    does: "gives one session to two clients",
    probes: ["foreign-session", "ds-in-other", "cb-path-flags", "reclaim-complete", "unsafe-compound"],
    hooks() {
      let latest: ServedSession | null = null;
      return {
        created(result, _args, session) {
          const isLive = latest !== null && latest.model.destroyedAt === null && latest.client !== session.client;
          if (isLive) return { ...result, csr_sessionid: (latest as ServedSession).model.record.id };
          latest = session;
          return result;
        },
      };
    },
  },
  {
    id: "deadsession-nonpersistent",
    does: "says DEADSESSION for a session that it does not know",
    probes: [
      "ds-basic",
      "badsession-flip",
      "badsession-zero",
      "ds-in-own-last",
      "ds-in-other",
      "eid-cases",
      "lease-expiry",
      "restart",
    ],
    hooks: () => ({ unknownSession: () => NFS4ERR_DEADSESSION }),
  },
  {
    id: "persist-lied",
    does: "promises a reply cache that survives restarts",
    probes: ["restart"],
    hooks: () => ({
      created: (result, { csa_flags }) => ({
        ...result,
        csr_flags: result.csr_flags | (csa_flags & CREATE_SESSION4_FLAG_PERSIST),
      }),
    }),
  },
];

function keptReply(answer: Answer, { session, slotId }: AskedSequence): Answer {
  return { ...answer, status: NFS4_OK, cached: session.model.fore.slot(slotId)?.reply ?? null };
}
