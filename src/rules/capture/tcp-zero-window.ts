import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** A receiver that was full. */
export const tcpZeroWindow: Rule = {
  id: "tcp-zero-window",
  severity: "note",
  fault: "network",
  title: "A receiver stopped the flow of a connection",
  rfc: null,
  help: {
    means: "An end of an NFS connection announced a receive window of 0: its program did not read fast enough.",
    hurts:
      "Requests or replies wait in the sender; slots stay busy for as long, which looks like a slow server or a leaked slot.",
    todo: "Look at the load and at the socket buffers of the host that announced it.",
  },
  downgrades: {},
  watch: ({ report, capture }) => ({
    end() {
      const { zeroWindows, firstZeroWindow } = capture;
      if (zeroWindows === 0) return;
      report({
        session: null,
        connection: null,
        frames: firstZeroWindow === null ? [] : [firstZeroWindow],
        message: `a receive window of 0 was announced ${counted(zeroWindows, "time")} on NFS connections`,
      });
    },
  }),
};
