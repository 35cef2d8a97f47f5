import type { Rule } from "../rule.ts";

/** What the XDR of the callback program says, and what everybody sends. RFC 5662, RFC 7863 */
const OF_THE_XDR = 1;
/** What the text of CREATE_SESSION says. RFC 8881 §18.36.3 */
const OF_THE_TEXT = 4;

/** The RFCs contradict each other; no third version makes sense. */
export const backchannelRpcVersion: Rule = {
  id: "backchannel-rpc-version",
  severity: "error",
  fault: "server",
  title: "A callback has an unusual version of the callback program",
  rfc: "RFC 8881 18.36.3, RFC 7863, RFC 5662",
  help: {
    means:
      "The callback program has version 1 in the XDR, which everybody sends, and 4 in the text on csa_cb_program: that one is only a note. Any other version is wrong.",
    hurts: "The client may not have that version of the program and answer PROG_MISMATCH: no callback gets through.",
    todo: "In the server, send version 1.",
  },
  downgrades: {},
  channel: "back",
  watch: ({ report }) => ({
    "callback-call"(call) {
      const version = call.callback?.version ?? OF_THE_XDR;
      if (version === OF_THE_XDR) return;
      report({
        session: call.session,
        connection: call.connection,
        ...(version === OF_THE_TEXT ? { severity: "note" as const, fault: "none" as const } : {}),
        frames: [call],
        expected: { text: `version ${OF_THE_XDR}` },
        actual: { text: `version ${version}` },
        message: `a callback has version ${version} of the callback program`,
      });
    },
  }),
};
