import { allSessions } from "../all-sessions.ts";
import { counted } from "../counted.ts";
import type { Rule } from "../rule.ts";

/** A session that uses more connections than we see. */
export const captureOtherPaths: Rule = {
  id: "capture-other-paths",
  severity: "note",
  fault: "capture",
  title: "A session uses connections outside of the capture",
  rfc: null,
  help: {
    means:
      "Again and again sequence ids went on further than the captured requests account for, the server accepted them, and no bytes are missing: the others went over connections that are not in the capture (nconnect, trunking, another interface or server address).",
    hurts:
      "Slots look idle while they are used elsewhere. Findings that depend on what was not sent are less certain for this session.",
    todo: "Capture on all interfaces of the client, without a filter on port or server address.",
  },
  downgrades: {},
  watch: (context) => ({
    end() {
      for (const session of allSessions(context.servers)) {
        const { otherPaths, acceptedJumps, id } = session;
        if (otherPaths === null) continue;
        context.report({
          session,
          frames: [otherPaths],
          message: `session ${id}: ${counted(acceptedJumps, "accepted jump")} of sequence ids without a hole in the capture, more connections carry it`,
        });
      }
    },
  }),
};
