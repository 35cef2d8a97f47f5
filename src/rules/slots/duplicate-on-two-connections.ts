import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { ObservedConnection } from "../../session/observed-connection.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { acceptedBefore, isRepeat, isSettledByError, transmissionBefore, wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";

/** The second took over the first's 4-tuple, so the first is gone although nothing said so. */
function isSuperseded(first: ObservedConnection, second: ObservedConnection): boolean {
  return first.name === second.name && second.opened.at > first.opened.at;
}

/** The server still answered on the connection of the first transmission when the second was under way. */
function hasLivedAfter({ connection, reply }: Call, retry: Call): boolean {
  return reply !== null || connection.lastReplyAt > retry.at;
}

/** A request is outstanding on two living connections at once */
export const duplicateOnTwoConnections: Rule = {
  id: "duplicate-on-two-connections",
  severity: "warning",
  fault: "client",
  title: "A request is outstanding on two living connections at once",
  rfc: "RFC 8881 2.10.6.2, 2.9.2",
  help: {
    means: "The same request was sent on a second connection while the first still lived and owed the reply.",
    hurts: "It costs a round trip and a place in the reply cache; if the original runs slowly, retries make it slower.",
    todo: "In the client, close a connection before retrying what it carried.",
  },
  downgrades: { G: "off", O: 1 },
  supersedes: ["retry-without-disconnect"],
  watch({ report }) {
    const retries = new WeakMap<Call, Call>();
    // What becomes of the first transmission shows whether its connection lived: a client that was cut off gives it up
    // without a word that reaches the capture.
    const check = (earlier: Call) => {
      const call = retries.get(earlier);
      if (call === undefined || !hasLivedAfter(earlier, call)) return;
      report({
        call,
        since: earlier.at,
        frames: [earlier, ...exchangeFrames(call)],
        expected: { status: [NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED, NFS4_OK] },
        actual: answered(call),
        message: `slot ${call.slotId}: seq ${call.seq} was sent on ${call.connection.name} while ${earlier.connection.name} still owed its reply`,
      });
    };
    return {
      "call-retry": (call) => {
        if (!isRepeat(call) || isSettledByError(call) || acceptedBefore(call) !== null) return;
        const earlier = transmissionBefore(call);
        if (earlier.connection === call.connection || wasLostBefore(earlier, call) || earlier.reply !== null) return;
        if (!isSuperseded(earlier.connection, call.connection)) retries.set(earlier, call);
      },
      answer: check,
      unanswered: check,
    };
  },
};
