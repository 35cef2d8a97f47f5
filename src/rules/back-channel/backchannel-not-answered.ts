import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";
import { seconds } from "../seconds.ts";

function isUnanswered(call: Call): boolean {
  return call.transmissions.every(({ reply }) => reply === null);
}

/** A callback is a request like any other: it gets an answer, or the connection ends. */
export const backchannelNotAnswered: Rule = {
  id: "backchannel-not-answered",
  severity: "warning",
  fault: "client",
  title: "The client did not answer a callback",
  rfc: "RFC 8881 2.9.2, 20.2.4, 2.10.6.3",
  help: {
    means:
      "The callback had no answer for more than ten seconds, on a connection over which the client went on talking. It is an error when it lasted longer than the lease and other callbacks were answered meanwhile; only a note when the answer came after all.",
    hurts: "The server takes the client for unreachable and revokes what it wanted back; the callback slot is lost.",
    todo: "In the client, look for the callback thread that hangs, often in a write-back or in a lookup of its own.",
  },
  downgrades: { G: "off", R: "off", H: 1 },
  channel: "back",
  options: { patienceSeconds: 10 },
  watch({ report, option }) {
    const patience = option("patienceSeconds") * 1e9;
    const late = (call: Call) => {
      if (call.reply === null || call.reply.at - call.at <= patience || call.original !== null) return;
      report({
        call,
        severity: "note",
        fault: "none",
        frames: exchangeFrames(call),
        message: `slot ${call.slotId}: the client took ${seconds(call.reply.at - call.at)} to answer a callback (seq ${call.seq})`,
      });
    };
    return {
      unanswered(call) {
        const { connection, session } = call;
        // What is heard on a TCP connection proves that what had been sent before it arrived.
        const waited = connection.lastHeardAt - call.at;
        if (session === null || !session.isLive || !(waited > patience) || !isUnanswered(call)) return;
        const lease = session.server.leaseNanos;
        const isError = connection.lastCallbackReplyAt - call.at > lease;
        report({
          call,
          ...(isError ? { severity: "error" as const } : {}),
          since: call.at,
          frames: [call],
          expected: { text: "a reply, or the end of the connection" },
          actual: { text: "neither" },
          message: `slot ${call.slotId}: the callback with seq ${call.seq} was never answered, while the client talked on the connection for ${seconds(waited)}`,
        });
      },
      "answer-clean": late,
      answer: late,
    };
  },
};
