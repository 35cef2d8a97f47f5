import {
  NFS4ERR_BADXDR,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_RETRY_UNCACHED_REP,
  operationName,
} from "../../nfs4/constants.ts";
import type { Call } from "../../session/call.ts";
import { exchangeFrames } from "../exchange-frames.ts";
import { isUncachedIllegal } from "../illegal-second.ts";
import type { Rule } from "../rule.ts";

/** An operation that does not exist has one kind of answer, first time and again. */
export const retryUncachedOnIllegalOp: Rule = {
  id: "retry-uncached-on-illegal-op",
  severity: "error",
  fault: "server",
  title: "RETRY_UNCACHED_REP was returned for an operation that does not exist",
  rfc: "RFC 8881 2.10.6.1.3",
  help: {
    means:
      "The second operation is illegal in this minor version, or belongs to NFSv4.0 only. Its retry must be answered as the original was, with NFS4ERR_OP_ILLEGAL, NFS4ERR_BADXDR or NFS4ERR_NOTSUPP.",
    hurts: "The client takes the operation for one that was executed.",
    todo: "In the server, check that the second operation exists before answering that its reply was not kept.",
  },
  pynfs: ["SEQ9e"],
  downgrades: { T: "off", P: "off" },
  watch({ report }) {
    const check = (call: Call) => {
      if (call.reply?.status !== NFS4ERR_RETRY_UNCACHED_REP || !isUncachedIllegal(call)) return;
      const second = call.reply.results.numbers[1];
      report({
        call,
        since: call.first.at,
        frames: [...(call.original === null ? [] : exchangeFrames(call.original)), ...exchangeFrames(call)],
        expected: { seq: call.seq, status: [NFS4ERR_OP_ILLEGAL, NFS4ERR_BADXDR, NFS4ERR_NOTSUPP] },
        actual: { seq: call.seq, status: [NFS4ERR_RETRY_UNCACHED_REP] },
        message: `slot ${call.slotId}: seq ${call.seq}: NFS4ERR_RETRY_UNCACHED_REP for ${second === undefined ? "an unknown operation" : operationName(second)}, which minor version ${call.minorVersion} does not have`,
      });
    };
    return { answer: check, "answer-failed": check };
  },
};
