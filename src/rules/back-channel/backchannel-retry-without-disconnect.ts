import { NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { answered } from "../answer.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { acceptedBefore, isRepeat, isSettledByError, transmissionBefore, wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";
import { SignsOfLife } from "../signs-of-life.ts";

/** What was known of the first transmission when the callback came again. */
interface Repetition {
  readonly earlier: Call;
  readonly wasAnswered: boolean;
}

/** The server waits for the client's answer as long as the connection lives. */
export const backchannelRetryWithoutDisconnect: Rule = {
  id: "backchannel-retry-without-disconnect",
  severity: "warning",
  fault: "server",
  title: "A callback was sent again although its connection was never lost",
  rfc: "RFC 8881 2.9.2, 2.10.6.2, 15.1.1.3",
  help: {
    means:
      "The same callback came again under its slot and sequence id while the connection that had carried it lived, whether its answer was still due or had come. That is for lost connections, and for callbacks that CB_SEQUENCE answered with NFS4ERR_DELAY.",
    hurts:
      "It is answered from the client's cache or with NFS4ERR_DELAY, and shows that the server lost track of the slot.",
    todo: "In the server, switch off RPC timeouts for callbacks, or close the connection before retrying.",
  },
  downgrades: { G: "off", R: "off", O: 1 },
  channel: "back",
  watch({ report }) {
    const repetitions = new WeakMap<Call, Repetition>();
    const signs = new SignsOfLife();
    const check = (call: Call) => {
      const repetition = repetitions.get(call);
      if (repetition === undefined) return;
      const { connection } = repetition.earlier;
      if (connection === call.connection) accuse(call, repetition);
      else signs.ask({ connection, at: call.at, lived: () => accuse(call, repetition) });
    };
    const accuse = (call: Call, { earlier, wasAnswered }: Repetition) => {
      const state = wasAnswered ? "though it had been answered" : "while the answer was due";
      report({
        call,
        since: earlier.at,
        frames: [...(wasAnswered ? exchangeFrames(earlier) : [earlier]), ...exchangeFrames(call)],
        expected: { status: [NFS4_OK, NFS4ERR_DELAY, NFS4ERR_SEQ_MISORDERED] },
        actual: answered(call),
        message: `slot ${call.slotId}: the callback with seq ${call.seq} was sent again after ${seconds(call.at - earlier.at)}, ${state} and the connection alive`,
      });
    };
    return {
      "call-retry"(call) {
        if (!isRepeat(call) || isSettledByError(call)) return;
        const accepted = acceptedBefore(call);
        const earlier = accepted ?? transmissionBefore(call);
        if (!wasLostBefore(earlier, call)) repetitions.set(call, { earlier, wasAnswered: accepted !== null });
      },
      ...signs.handlers,
      answer: check,
      unanswered: check,
    };
  },
};
