import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** The same packet twice. */
export const captureDuplicatePackets: Rule = {
  id: "capture-duplicate-packets",
  severity: "note",
  fault: "capture",
  title: "Packets were recorded twice",
  rfc: null,
  help: {
    means:
      "Packets with the same addresses, sequence numbers, length, checksum and IP identification were recorded a moment apart, as happens on the `any` interface, on a bridge and its ports, or with both directions of a mirrored port.",
    hurts: "Nothing: second recordings are left out and count neither as retransmissions nor as retries.",
    todo: "Capture on one interface to halve the file.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      const { duplicateFrames, firstDuplicate } = capture;
      if (duplicateFrames === 0) return;
      report({
        session: null,
        connection: null,
        frames: firstDuplicate === null ? [] : [firstDuplicate],
        message: `${counted(duplicateFrames, "packet")} of NFS connections recorded twice, the second recordings were left out`,
      });
    },
  }),
};
