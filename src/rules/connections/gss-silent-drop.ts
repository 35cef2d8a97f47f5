import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { transmissionBefore, wasLostBefore } from "../retry.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

/** RPCSEC_GSS dropped a request whose sequence number was too old, as it must. */
export const gssSilentDrop: Rule = {
  id: "gss-silent-drop",
  severity: "note",
  fault: "network",
  title: "A request whose GSS sequence number was too old was dropped",
  rfc: "RFC 8881 2.9.2, RFC 2203 5.3.3.1",
  help: {
    means:
      "The request came so late that its RPCSEC_GSS sequence number was below the window of its context. Then RPCSEC_GSS drops it without an answer. That is by design: the requester sends it again with a fresh GSS number, and the same slot and sequence id.",
    hurts: "The request waits for a timeout of the client.",
    todo: "Nothing in the protocol. If it comes often, make the server's GSS window larger, or find out why the client sends requests so late.",
  },
  downgrades: { G: 1, R: "off" },
  watch({ report }) {
    const pending = new WeakMap<Call, Call>();
    const tell = (dropped: Call, again: Call | null) => {
      const fate =
        again === null ? "it was not sent again" : `it was sent again ${seconds(again.at - dropped.at)} later`;
      report({
        call: dropped,
        since: dropped.at,
        frames: [dropped, ...(again === null ? [] : exchangeFrames(again))],
        expected: { text: "no reply" },
        message: `slot ${dropped.slotId} seq ${dropped.seq}: its GSS sequence number was ${dropped.gssBehind} behind, outside the window, and no reply came; ${fate}`,
      });
    };
    return {
      "call-retry"(call) {
        const earlier = transmissionBefore(call);
        const isDropped = earlier.gssBehind > 0 && earlier.reply === null && !wasLostBefore(earlier, call);
        if (isDropped) pending.set(call, earlier);
      },
      answer(call) {
        const dropped = pending.get(call);
        if (dropped !== undefined && dropped.reply === null) tell(dropped, call);
      },
      unanswered(call) {
        const isLeft = call.gssBehind > 0 && call.first.retries === null;
        if (isLeft && call.connection.lastReplyAt > call.at) tell(call, null);
      },
    };
  },
};
