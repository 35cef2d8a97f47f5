import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** A stream in which no message was found. */
export const captureMidstreamUnsynced: Rule = {
  id: "capture-midstream-unsynced",
  severity: "note",
  fault: "capture",
  title: "Where RPC messages begin was not found any more",
  rfc: null,
  help: {
    means:
      "The capture began or has a hole in the middle of a stream, and until its end no place was found at which a believable message starts: it holds too little, or one large transfer.",
    hurts: "What those bytes said is unknown.",
    todo: "Capture longer, or from the beginning of the connection.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      for (const { connection, bytes, sighting } of capture.unsynced) {
        // Of a side that was not captured at all there is nothing to divide.
        if (connection.oneWay !== null) continue;
        report({
          session: null,
          connection,
          frames: [sighting],
          message: `${counted(bytes, "byte")} on ${connection.name} could not be divided into RPC messages`,
        });
      }
    },
  }),
};
