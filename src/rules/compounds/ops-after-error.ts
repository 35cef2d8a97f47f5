import { statusName } from "../../nfs4/constants.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import type { Rule } from "../rule.ts";

/** A compound went on behind an operation that failed. */
export const opsAfterError: Rule = {
  id: "ops-after-error",
  severity: "error",
  fault: "server",
  title: "Results continue behind an operation that failed",
  rfc: "RFC 8881 16.2.3",
  help: {
    means:
      "A compound ends at its first operation that does not get NFS4_OK; the reply has results of further ones behind it.",
    hurts:
      "Operations ran on a current filehandle that the failed one should have set: a REMOVE or WRITE may have hit another file.",
    todo: "In the replier, stop at the first error.",
  },
  downgrades: { T: "off" },
  watch: ({ report }) => ({
    "reply-shape"({ call, problem }) {
      if (problem !== "results-after-error" || call.reply === null) return;
      const { status, results } = call.reply;
      report({
        call,
        since: call.at,
        frames: exchangeFrames(call),
        expected: { text: "no result after one that is an error" },
        actual: { status: [status] },
        message: `${results.numbers.length} results, though one before the last is an error (COMPOUND status ${statusName(status)})`,
      });
    },
  }),
};
