import { NFS4_OK, statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A COMPOUND may fail before its first operation, but not for any reason. */
export const zeroResultsWrongStatus: Rule = {
  id: "zero-results-wrong-status",
  severity: "warning",
  fault: "server",
  title: "A COMPOUND failed without results, with a status that belongs to an operation",
  rfc: "RFC 8881 16.2.4, 18.36.4",
  help: {
    means:
      "The reply has no results, and a status that only an operation can have. It should come as the result of the operation that failed, so that the client knows which one.",
    hurts:
      "On a sequenced request the client cannot tell whether the slot moved; it may use the wrong sequence id next.",
    todo: "In the replier, return the status as a result of the offending operation.",
    seenIn: "nfs-ganesha, DittoFS and nfs4j for NFS4ERR_OP_NOT_IN_SESSION and NFS4ERR_NOT_ONLY_OP",
  },
  downgrades: {},
  watch: ({ report }) => ({
    "reply-shape"({ call, problem }) {
      if (problem !== "zero-results-status" || call.reply === null) return;
      const { status } = call.reply;
      const { length } = call.operations.numbers;
      report({
        call,
        // Without SEQUENCE there is no slot to lose track of, and several servers answer misplaced operations so.
        ...(call.slotId < 0 ? { severity: "note" as const } : {}),
        frames: exchangeFrames(call),
        expected: { text: "the results up to the operation that failed" },
        actual: { status: [status], text: "no results" },
        message:
          status === NFS4_OK
            ? `NFS4_OK without results for ${length} operations`
            : `${statusName(status)} without the result of any operation`,
      });
    },
  }),
};
