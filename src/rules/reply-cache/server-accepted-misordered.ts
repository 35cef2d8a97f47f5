import { NFS4_OK, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import { missingRequests } from "../../session/accepted-jumps.ts";
import type { Call } from "../../session/call.ts";
import { nextSeq } from "../../session/slot.ts";
import { watchAcceptedJumps } from "../accepted-jumps.ts";
import { firstAccepted } from "../replay.ts";
import type { Report, Rule, RuleContext } from "../rule.ts";

/** A server must refuse every sequence id but the slot's own and the next. */
export const serverAcceptedMisordered: Rule = {
  id: "server-accepted-misordered",
  severity: "error",
  fault: "server",
  title: "The server accepted a sequence id that it had to refuse",
  rfc: "RFC 8881 2.10.6.1",
  help: {
    means:
      "SEQUENCE succeeded although its sequence id is neither the slot's last one nor the next, and nothing is missing from the capture that would make it right.",
    hurts:
      "Exactly-once semantics rest on this check. Without it a request that was delayed on its way runs a second time, after others have changed what it works on.",
    todo: "In the server, answer NFS4ERR_SEQ_MISORDERED unless sa_sequenceid is the slot's own or one more, modulo 2^32.",
  },
  // No M: an adopted slot is never judged here, see JumpCause.
  downgrades: { G: "off", H: 2 },
  watch(context) {
    const jumps = watchAcceptedJumps(({ call, previous, since }, cause) => {
      if (cause !== "accepted") return;
      const missing = missingRequests(call);
      const requests = missing === 1 ? "1 request was" : `${missing} requests were`;
      context.report(report(call, previous, since, `, though ${requests} never sent in between`));
    });
    return {
      ...jumps,
      answer(call) {
        jumps.answer?.(call);
        if (isOldAccepted(call, context)) context.report(report(call, call.previous, call.previous?.at ?? call.at, ""));
      },
    };
  },
};

function report(call: Call, previous: Call | null, since: number, why: string): Report {
  const { reply, lastSeqBefore: last } = call;
  return {
    call,
    since,
    frames: [...(previous === null ? [] : [previous]), call, ...(reply === null ? [] : [reply])],
    expected: { seq: nextSeq(last), status: [NFS4ERR_SEQ_MISORDERED] },
    actual: { seq: call.seq, status: [NFS4_OK] },
    message: `slot ${call.slotId}: seq ${call.seq} was accepted after ${last}${why}`,
  };
}

/** The request behind it had been accepted, and its reply was out, before this one came. */
function isOldAccepted(call: Call, { isOrdered }: RuleContext): boolean {
  const { verdict, reply, slot, session, previous } = call;
  if (verdict !== "behind" || reply?.sequenceStatus !== NFS4_OK || slot === null || session === null) return false;
  // A copy that was seen late may have been answered early; a slot that starts anew starts at 1.
  if (call.copyOf !== null || slot.recoveringFrom !== null || !slot.isTrusted) return false;
  if (slot.table.wasLowered && call.seq <= 1) return false;
  const accepted = previous === null ? null : firstAccepted(previous);
  if (
    accepted === null ||
    accepted.reply.at > call.at ||
    !isOrdered(accepted.reply, accepted.connection, call, call.connection)
  )
    return false;
  const restart = session.server.restarts.at(-1);
  return restart === undefined || restart.at < accepted.reply.at;
}
