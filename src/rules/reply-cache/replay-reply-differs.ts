import { statusName } from "../../nfs4/constants.ts";
import type { Reply } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { operationNames } from "../operation-name-of.ts";
import { differingReplay } from "../replay.ts";
import type { Rule } from "../rule.ts";

/** A retry gets the reply of the original. */
export const replayReplyDiffers: Rule = {
  id: "replay-reply-differs",
  severity: "error",
  fault: "server",
  title: "A retry got another reply than the original",
  rfc: "RFC 8881 2.10.6.1.1, 2.10.6.1.3, 18.46.4",
  help: {
    means:
      "A request was answered twice, and the results after SEQUENCE are not the same (what SEQUENCE itself computes anew may differ). Either the request was executed again, or the reply cache mixed up its entries.",
    hurts: "Exactly-once semantics are lost: the client may believe in a result that is not that of its request.",
    todo: "In the server, keep the encoded results with the slot and send those; look for a retry that reaches the file system.",
    seenIn: "an old FreeBSD server executes a retry of which it has no cached reply",
  },
  pynfs: ["SEQ9a", "SEQ9b"],
  downgrades: { T: "off", P: "off" },
  watch: ({ report }) => ({
    answer(call) {
      const replay = differingReplay(call);
      if (replay === null) return;
      const { earlier, later } = replay;
      report({
        call,
        since: call.first.at,
        frames: [...exchangeFrames(earlier), ...exchangeFrames(later)],
        expected: { seq: call.seq, status: [earlier.reply.status], text: operationNames(call, earlier.reply.results) },
        actual: { seq: call.seq, status: [later.reply.status], text: operationNames(call, later.reply.results) },
        message: `slot ${call.slotId}: seq ${call.seq} was answered twice, and not alike: ${differenceText(earlier.reply, later.reply)}`,
      });
    },
  }),
};

function differenceText(earlier: Reply, later: Reply): string {
  if (earlier.status !== later.status) return `${statusName(earlier.status)}, then ${statusName(later.status)}`;
  const sent = earlier.results.numbers.length;
  const got = later.results.numbers.length;
  if (sent !== got) return `${sent} results, then ${got}`;
  return "the results after SEQUENCE differ";
}
