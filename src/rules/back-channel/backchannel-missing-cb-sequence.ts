import { callbackOperationName, NFS4ERR_OP_NOT_IN_SESSION } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";

/** A callback belongs to a slot of the session's back channel, and CB_SEQUENCE says to which. */
export const backchannelMissingCbSequence: Rule = {
  id: "backchannel-missing-cb-sequence",
  severity: "error",
  fault: "server",
  title: "A callback is not led by CB_SEQUENCE",
  rfc: "RFC 8881 20.9.3",
  help: {
    means:
      "In minor version 1 and later every CB_COMPOUND has to begin with CB_SEQUENCE, which names session, slot and sequence id. This one begins with another operation.",
    hurts:
      "The client has to refuse it with NFS4ERR_OP_NOT_IN_SESSION: what the callback was to tell or recall never reaches it, and the server may revoke state that the client does not know to be wanted back.",
    todo: "In the server, build callbacks for the minor version of the client's session, not those of NFSv4.0.",
  },
  downgrades: { T: "off", P: "off" },
  channel: "back",
  watch: ({ report }) => ({
    "callback-call"(call) {
      const { isSequenced, misplacedSequence, numbers } = call.operations;
      const first = numbers[0];
      // CB_SEQUENCE elsewhere has a rule of its own: backchannel-cb-sequence-pos.
      if (isSequenced || misplacedSequence > 0 || first === undefined) return;
      report({
        call,
        since: call.at,
        frames: [call],
        expected: { status: [NFS4ERR_OP_NOT_IN_SESSION], text: "CB_SEQUENCE" },
        actual: { text: callbackOperationName(first) },
        message: `a CB_COMPOUND of minor version ${call.minorVersion} begins with ${callbackOperationName(first)}, not with CB_SEQUENCE`,
      });
    },
  }),
};
