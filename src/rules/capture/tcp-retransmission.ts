import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** Lost on the network, and sent again. */
export const tcpRetransmission: Rule = {
  id: "tcp-retransmission",
  severity: "note",
  fault: "network",
  title: "TCP segments were retransmitted",
  rfc: null,
  help: {
    means:
      "Segments of NFS connections were sent more than once, because they or their acknowledgements were lost or late.",
    hurts: "They delay what is behind them. They are no RPC retries and are never counted as such.",
    todo: "If there are many, look at interface error counters, duplex, MTU and congestion on the path.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      const { retransmittedSegments, firstRetransmission } = capture;
      if (retransmittedSegments === 0) return;
      report({
        session: null,
        connection: null,
        frames: firstRetransmission === null ? [] : [firstRetransmission],
        message: `${counted(retransmittedSegments, "segment")} of NFS connections retransmitted`,
      });
    },
  }),
};
