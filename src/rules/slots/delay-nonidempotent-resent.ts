import {
  NFS4ERR_DELAY,
  OP_CLOSE,
  OP_CREATE,
  OP_LINK,
  OP_LOCK,
  OP_LOCKU,
  OP_OPEN,
  OP_REMOVE,
  OP_RENAME,
  operationName,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { DelayedRequests } from "../delayed-requests.ts";
import type { Rule } from "../rule.ts";

/** Running them twice does harm. OPEN stands apart: the same owner may open a file again. */
const HARMFUL: ReadonlySet<number> = new Set([OP_CREATE, OP_LINK, OP_REMOVE, OP_RENAME, OP_LOCK, OP_LOCKU, OP_CLOSE]);

function note(call: Call, delayed: DelayedRequests): void {
  const { reply } = call;
  if (reply?.lastStatus === NFS4ERR_DELAY && executedTwice(call) !== null) delayed.add(call);
}

/** The first harmful operation that got NFS4_OK before the delayed one, else an OPEN that did. */
function executedTwice({ reply }: Call): number | null {
  if (reply === null || reply.lastStatus !== NFS4ERR_DELAY) return null;
  const done = reply.results.numbers.slice(0, -1);
  return done.find((op) => HARMFUL.has(op)) ?? (done.includes(OP_OPEN) ? OP_OPEN : null);
}

/** A delayed request was sent again together with the part that had been executed */
export const delayNonidempotentResent: Rule = {
  id: "delay-nonidempotent-resent",
  severity: "warning",
  fault: "client",
  title: "A delayed request was sent again together with the part that had been executed",
  rfc: "RFC 8881 15.1.1.3",
  help: {
    means:
      "NFS4ERR_DELAY came after a non-idempotent operation of the same request had succeeded. The whole request was sent again, that operation included, instead of the remainder.",
    hurts: "The operation runs twice.",
    todo: "In the client, send only what was not executed.",
  },
  downgrades: { T: "off", P: "off", G: "off" },
  watch({ report }) {
    const delayed = new DelayedRequests();
    return {
      answer: (call) => note(call, delayed),
      "answer-failed": (call) => {
        if (call.reply?.lastStatus === NFS4ERR_DELAY) note(call, delayed);
      },
      "call-new-troubled": (call) => {
        const earlier = delayed.take(call);
        if (earlier?.reply == null || earlier.operations !== call.operations) return;
        const done = executedTwice(earlier);
        if (done === null) return;
        report({
          call,
          since: earlier.at,
          ...(done === OP_OPEN ? { severity: "note" as const } : {}),
          frames: [earlier, earlier.reply, call],
          expected: { text: "the operations from the delayed one on" },
          actual: { text: `${operationName(done)} once more` },
          message: `${operationName(done)} had succeeded before NFS4ERR_DELAY (slot ${earlier.slotId}, seq ${earlier.seq}) and was sent again (slot ${call.slotId}, seq ${call.seq})`,
        });
      },
    };
  },
};
