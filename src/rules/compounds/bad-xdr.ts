import { NFS4ERR_BADXDR, operationName } from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import type { Rule } from "../rule.ts";
import { formReport } from "../whole-answer.ts";

/** A call that is no XDR. */
export const badXdr: Rule = {
  id: "bad-xdr",
  severity: "error",
  fault: "client",
  title: "A call cannot be decoded",
  rfc: "RFC 8881 16.2.3",
  help: {
    means:
      "The bytes of the call are not those of a COMPOUND: a length runs past the end, a number is none of those allowed. The server said so too, with NFS4ERR_BADXDR or the RPC error GARBAGE_ARGS, or did not answer.",
    hurts:
      "The call is not executed. After GARBAGE_ARGS the slot has not moved; a server that decodes one operation at a time may have moved it, and then the next request is misordered.",
    todo: "In the client, look at how the operation named here is encoded; where a middlebox or a fuzzer is in between, there.",
  },
  downgrades: { T: "off", P: "off", R: "off", G: 1, U: 2 },
  supersedes: ["rpc-garbage-args"],
  watch: ({ report }) => ({
    "compound-form"({ call, fault }) {
      if (fault.kind !== "undecodable" || !isConfirmed(call)) return;
      const what = fault.operation < 0 ? "the compound" : operationName(fault.operation);
      const message = `${what} at place ${fault.index + 1} cannot be decoded`;
      report({
        ...formReport(call, fault, message),
        // Behind a hole a call may not start where it seems to.
        since: call.connection.opened.at,
        ...(call.reply === null ? { because: ["U"] as const } : {}),
      });
    },
  }),
};

/** Nobody else understood it either: a decoder of ours that errs must not accuse. */
function isConfirmed({ reply, connection, at }: Call): boolean {
  // Where the capture joined in the middle, what looks like a call may be a piece of another; at its end nobody has
  // had the time to answer.
  if (reply === null) return connection.handshakeSeen && (connection.closed !== null || connection.lastReplyAt > at);
  return reply.rpcError === "GARBAGE_ARGS" || reply.status === NFS4ERR_BADXDR;
}
