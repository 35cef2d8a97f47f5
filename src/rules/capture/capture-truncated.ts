import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** So much of the messages: calls alone are half of them, and without its call a reply is of no use. */
const LOST_SHARE = 3;

/** The snap length was too small. */
export const captureTruncated: Rule = {
  id: "capture-truncated",
  severity: "warning",
  fault: "capture",
  title: "The snap length cut RPC messages",
  rfc: null,
  help: {
    means:
      "The capture kept only the beginning of each packet. A warning where more than a third of the messages that were cut lost their SEQUENCE too, a note where slots could still be followed.",
    hurts:
      "Operations behind the cut are unknown: rules that compare requests or replies are off for them, and a message whose SEQUENCE is lost counts as a hole.",
    todo: "Capture whole packets (`tcpdump -s 0`), or at least as many bytes as the message says.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      const { truncatedRecords, sequencesCut, firstTruncated, snaplenNeeded } = capture;
      // A hole cuts messages too; then it is capture-gap.
      if (firstTruncated === null || truncatedRecords + sequencesCut === 0) return;
      const cut = Math.max(truncatedRecords, sequencesCut);
      const lost = sequencesCut === 0 ? "every SEQUENCE stayed readable" : `${sequencesCut} lost their SEQUENCE`;
      const advice =
        snaplenNeeded === null
          ? ""
          : `; a snap length of ${snaplenNeeded} bytes keeps it where a segment holds one message`;
      const isLost = sequencesCut * LOST_SHARE > cut;
      report({
        session: null,
        connection: null,
        severity: isLost ? "warning" : "note",
        frames: [firstTruncated],
        message: `${counted(cut, "RPC message")} cut by the snap length, ${lost}${advice}`,
      });
    },
  }),
};
