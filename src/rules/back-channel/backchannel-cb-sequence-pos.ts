import { callbackOperationName, NFS4ERR_OP_NOT_IN_SESSION, NFS4ERR_SEQUENCE_POS } from "../../nfs4/constants.ts";
import type { Rule } from "../rule.ts";

/** CB_SEQUENCE stands at the front, once. */
export const backchannelCbSequencePos: Rule = {
  id: "backchannel-cb-sequence-pos",
  severity: "error",
  fault: "server",
  title: "CB_SEQUENCE is not the first operation of a callback",
  rfc: "RFC 8881 20.9.3",
  help: {
    means: "CB_SEQUENCE has to be there exactly once, as the first operation. Here it stands further back.",
    hurts:
      "The client has to refuse it there with NFS4ERR_SEQUENCE_POS, or the whole callback with NFS4ERR_OP_NOT_IN_SESSION. Operations in front of it may have been executed already.",
    todo: "In the server, put CB_SEQUENCE in front when the callback is built, and nowhere else.",
  },
  downgrades: { T: "off", P: "off" },
  channel: "back",
  watch: ({ report }) => ({
    "sequence-misplaced"({ call, index }) {
      const { numbers, isSequenced } = call.operations;
      const names = numbers.slice(0, index + 1).map(callbackOperationName);
      report({
        call,
        since: call.at,
        frames: [call],
        expected: { status: [isSequenced ? NFS4ERR_SEQUENCE_POS : NFS4ERR_OP_NOT_IN_SESSION] },
        actual: { text: names.join(" ") },
        message: `CB_SEQUENCE is operation ${index + 1} of a callback: ${names.join(" ")}`,
      });
    },
  }),
};
