import { STATUS_FLAGS_MASK } from "../../session/status-flags.ts";
import type { Rule } from "../rule.ts";

/** Bits that no version of the protocol has. */
export const statusFlagUndefined: Rule = {
  id: "status-flag-undefined",
  severity: "warning",
  fault: "server",
  title: "sr_status_flags has bits that are not defined",
  rfc: "RFC 8881 18.46.2",
  help: {
    means: "A SEQUENCE reply has a bit outside 0x1fff in sr_status_flags.",
    hurts: "A client may take it for something else, now or in a later version. Often the field was never initialised.",
    todo: "In the server, set defined bits only.",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "status-flags"({ call, session, before, flags }) {
      const undefinedBits = (flags & ~STATUS_FLAGS_MASK) >>> 0;
      if (undefinedBits === 0 || undefinedBits === (before & ~STATUS_FLAGS_MASK) >>> 0) return;
      report({
        session,
        connection: call.connection,
        frames: [call.reply!],
        expected: { text: "bits of 0x1fff only" },
        actual: { text: `0x${(flags >>> 0).toString(16)}` },
        message: `sr_status_flags is 0x${(flags >>> 0).toString(16)}: 0x${undefinedBits.toString(16)} is not defined`,
      });
    },
  }),
};
