import { NFS4ERR_BADSESSION, NFS4ERR_DEADSESSION, statusName } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedSession } from "../../session/observed-session.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { subject } from "../subject.ts";

/** Slots named in the message. */
const SLOTS_NAMED = 8;

/** The client ends a session while it still waits for answers on it. */
export const destroySessionWithOutstanding: Rule = {
  id: "destroy-session-with-outstanding",
  severity: "warning",
  fault: "client",
  title: "A session was destroyed while requests on it had no reply",
  rfc: "RFC 8881 18.37.3, RFC 7862 14.1",
  help: {
    means: "DESTROY_SESSION was sent while other slots of the session were waiting for their replies.",
    hurts:
      "With the session goes its reply cache: the client cannot find out any more whether those requests were executed. Data can be lost.",
    todo: "In the client, let all slots drain before DESTROY_SESSION.",
    seenIn: "servers differ: knfsd answers NFS4ERR_DELAY until the slots are idle, others destroy at once",
  },
  downgrades: { G: 1, O: 1 },
  watch({ report, capture }) {
    const waiting = new WeakMap<Call, readonly Call[]>();
    return {
      "destroy-session-call"({ call, session }) {
        if (session === null || !session.isLive) return;
        const busy = outstandingBesides(call, session);
        if (busy.length > 0) waiting.set(call, busy);
      },
      "destroy-session"({ call, reply, status, session }) {
        // A reply right behind the call may have been there before it.
        const isBusy = (other: Call) => other.reply === null || other.reply.at - call.at > capture.crossingNanos;
        const busy = waiting.get(call)?.filter(isBusy) ?? [];
        if (busy.length === 0 || session === null || reply === null) return;
        // A session that the server had lost anyway: there was nothing to wait for.
        if (status === NFS4ERR_BADSESSION || status === NFS4ERR_DEADSESSION) return;
        const slots = busy.map(({ slotId }) => slotId);
        report({
          holds: () => busy.some(isBusy),
          ...subject(call, session),
          since: Math.min(...busy.map(({ at }) => at)),
          frames: [busy[0]!, ...exchangeFrames(call, reply)],
          expected: { text: "DESTROY_SESSION when all replies have come" },
          actual: { status: [status] },
          message: `DESTROY_SESSION was sent while slot${slots.length > 1 ? "s" : ""} ${slots.join(", ")} had no reply: ${statusName(status)}`,
        });
      },
    };
  },
};

function outstandingBesides(call: Call, { fore }: ObservedSession): Call[] {
  const busy: Call[] = [];
  if (fore.outstanding === 0) return busy;
  for (const { current } of fore.used()) {
    if (current === null || current === call || !current.isRunning || current.at > call.at) continue;
    if (current.repliedElsewhere !== null) continue;
    busy.push(current);
    if (busy.length === SLOTS_NAMED) break;
  }
  return busy;
}
