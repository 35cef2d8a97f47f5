import { NFS4_OK, NFS4ERR_SEQ_MISORDERED, statusName } from "../../nfs4/constants.ts";
import { type Call, NO_STATUS } from "../../session/call.ts";
import { watchAcceptedJumps } from "../accepted-jumps.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isTreatedAsRetry, Refusals } from "../refusals.ts";
import type { Report, Rule } from "../rule.ts";

/** SEQUENCE that fails leaves the slot as it was. */
export const seqErrorMovedSlot: Rule = {
  id: "seq-error-moved-slot",
  severity: "error",
  fault: "server",
  title: "A SEQUENCE that failed moved the slot",
  rfc: "RFC 8881 2.10.6.1.2, 18.46.3",
  help: {
    means:
      "SEQUENCE failed, so the slot's sequence id had to stay. What came next shows that the server counted the request all the same: the same sequence id was treated as a retry, or the one behind it was accepted.",
    hurts:
      "Client and server disagree about the slot from here on. The client's next request is taken for a repetition of the one that was refused, and is not executed.",
    todo: "In the server, advance the slot only when nothing can make SEQUENCE fail any more.",
    seenIn: "nfs-ganesha when the reply would be too big; chimera before PR 1381",
  },
  pynfs: ["CSESS27", "SEQ6"],
  downgrades: { G: "off", H: 1, M: 1 },
  supersedes: ["server-rejected-valid", "retry-uncached-on-sequence"],
  watch({ report }) {
    const refusals = new Refusals();
    const jumps = watchAcceptedJumps(({ call, refused }, cause) => {
      if (cause === "refused-before" && refused !== null) report(about(call, refused, "was accepted next"));
    });
    const repeated = (call: Call) => {
      const refused = isTreatedAsRetry(call) ? refusals.repeatedBy(call) : null;
      if (refused !== null) report(about(call, refused, "was treated as a retry"));
    };
    return {
      ...jumps,
      "answer-failed": repeated,
      answer(call) {
        jumps.answer?.(call);
        repeated(call);
        refusals.note(call);
      },
    };
  },
};

function about(call: Call, refused: Call, what: string): Report {
  const status = call.reply?.sequenceStatus === NFS4_OK ? call.reply.status : call.reply?.sequenceStatus;
  const reason = statusName(refused.reply?.sequenceStatus ?? NO_STATUS);
  return {
    call,
    // A transmission before it may have been taken.
    since: refused.previous?.at ?? refused.session?.firstSeen.at ?? refused.at,
    frames: [...exchangeFrames(refused), ...exchangeFrames(call)],
    expected: { seq: refused.seq, status: [call.seq === refused.seq ? NFS4_OK : NFS4ERR_SEQ_MISORDERED] },
    actual: { seq: call.seq, status: [status ?? NO_STATUS] },
    message: `slot ${call.slotId}: seq ${refused.seq} was refused with ${reason}, but then seq ${call.seq} ${what}`,
  };
}
