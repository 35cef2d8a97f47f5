import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { operationNameOf } from "../operation-name-of.ts";
import type { Rule } from "../rule.ts";

/** Results come in the order of the operations and carry their numbers. */
export const replyOpMismatch: Rule = {
  id: "reply-op-mismatch",
  severity: "error",
  fault: "server",
  title: "The reply's operations are not those of the call",
  rfc: "RFC 8881 16.2.3",
  help: {
    means: "A result in the reply has another operation number than the operation at its place in the call.",
    hurts:
      "It is the reply to another request: the first sign of a reply cache that hands out the wrong entry. The requester fails to decode it, or believes it.",
    todo: "In the replier, check how cached replies are found and when they are freed.",
  },
  downgrades: { T: "off", P: "off" },
  // The reply to another request says nothing of what was promised for this one.
  supersedes: ["rep-too-big-to-cache"],
  watch: ({ report }) => ({
    "reply-shape"({ call, problem }) {
      if (problem !== "operations-differ" || isFalseRetry(call)) return;
      const name = (operation: number) => operationNameOf(call, operation);
      const sent = call.operations.numbers;
      const got = call.reply?.results.numbers ?? [];
      const at = got.findIndex((op, i) => op !== sent[i]);
      const wanted = sent[at] === undefined ? "no more results" : name(sent[at]);
      const found = at < 0 ? `${got.length} results` : name(got[at]!);
      report({
        call,
        frames: exchangeFrames(call),
        expected: { text: wanted },
        actual: { text: found },
        message: `result ${at + 1} of the reply is ${found}, the call had ${sent[at] === undefined ? `${sent.length} operations` : wanted}`,
      });
    },
  }),
};

/** Another request under the same slot and sequence id may legally get the original's reply. RFC 8881 §2.10.6.1.3 */
function isFalseRetry({ original, fingerprint }: Call): boolean {
  return original !== null && original.fingerprint !== fingerprint;
}
