import type { Rule } from "../rule.ts";
import { xidText } from "../xid-text.ts";

/** A reply to nothing that was captured. */
export const replyWithoutCall: Rule = {
  id: "reply-without-call",
  severity: "note",
  fault: "unknown",
  title: "A reply belongs to no call",
  rfc: "RFC 5531 9",
  help: {
    means:
      "The xid of a reply is that of no call on its connection. If the connection was captured from its beginning and without gaps the server made it up; otherwise the call was sent before the capture began.",
    hurts: "Nothing if it is from before the capture. A made-up reply means that some request got none.",
    todo: "Look whether a request of the same time has no reply.",
  },
  downgrades: { M: 1, G: 1, R: 1 },
  // Replies to calls from before the capture may come that late.
  options: { startSeconds: 1, roundTrips: 10 },
  watch: ({ report, option }) => ({
    "reply-orphan"({ connection, xid, reply, sinceOpenNanos }) {
      if (connection.gapBytes > 0 || connection.oneWay !== null || connection.encrypted !== null) return;
      const { handshakeSeen, roundTripNanos } = connection;
      const travel = Number.isFinite(roundTripNanos) ? option("roundTrips") * roundTripNanos : 0;
      if (!handshakeSeen && sinceOpenNanos <= Math.max(option("startSeconds") * 1e9, travel)) return;
      report({
        connection,
        fault: handshakeSeen ? "server" : "capture",
        since: connection.opened.at,
        frames: [reply],
        message: `reply with xid ${xidText(xid)} on ${connection.name}, but no call${handshakeSeen ? "" : " since the capture began"}`,
      });
    },
  }),
};
