import type { Compound } from "../nfs4/compound.ts";
import {
  NFS4_OK,
  NFS4ERR_BADCHAR,
  NFS4ERR_BADXDR,
  NFS4ERR_DELAY,
  NFS4ERR_INVAL,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_SEQ_MISORDERED,
  NFS4ERR_SERVERFAULT,
  NFS4ERR_TOO_MANY_OPS,
  OP_ILLEGAL,
  validCallbackErrors,
  validErrors,
} from "../nfs4/constants.ts";
import type { Call, Reply } from "../session/call.ts";
import type { FactSink, ReplyProblem } from "../session/facts.ts";

/** Statuses that a COMPOUND may have with no results at all. RFC 8881 §16.2.4 */
const ZERO_RESULT_STATUSES: ReadonlySet<number> = new Set([
  NFS4_OK,
  NFS4ERR_BADCHAR,
  NFS4ERR_BADXDR,
  NFS4ERR_DELAY,
  NFS4ERR_INVAL,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_SERVERFAULT,
  NFS4ERR_TOO_MANY_OPS,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
]);

/** Tells what is wrong with a reply's form. The reply of healthy traffic costs a few comparisons. RFC 8881 §16.2.3 */
export function checkShape(call: Call, reply: Reply, compound: Compound, emit: FactSink): void {
  const problem = problemOf(call, reply, compound);
  if (problem !== null) emit("reply-shape", { call, problem });
  if (compound.count > 0 && reply.lastStatus !== NFS4_OK) checkStatusListed(call, compound, emit);
}

function problemOf(call: Call, reply: Reply, compound: Compound): ReplyProblem | null {
  const { count } = compound;
  if (reply.truncated || call.truncated || compound.error !== null || compound.unknownOp >= 0) return null;
  if (count === 0) return isZeroResultsFine(call, compound) ? null : "zero-results-status";
  for (let i = 0; i < count - 1; i++) if (compound.statuses[i] !== NFS4_OK) return "results-after-error";
  if (!isPrefix(call, reply)) return "operations-differ";
  if (compound.status !== reply.lastStatus) return "status-contradicts";
  if (reply.tagHash !== call.tagHash) return "tag-changed";
  return null;
}

function isZeroResultsFine(call: Call, compound: Compound): boolean {
  if (compound.status === NFS4_OK) return call.operations.numbers.length === 0;
  // The contrived reply that a fresh slot is loaded with. RFC 8881 §18.36.4
  if (compound.status === NFS4ERR_SEQ_MISORDERED) return call.seq === 0;
  return ZERO_RESULT_STATUSES.has(compound.status);
}

/** OP_ILLEGAL stands in for an operation that the replier does not know. RFC 8881 §16.2.3 */
function isPrefix(call: Call, reply: Reply): boolean {
  if (reply.results.isPrefixOf(call.operations)) return true;
  const sent = call.operations.numbers;
  const got = reply.results.numbers;
  // Behind an operation that we cannot tell apart the call's list is not known.
  if (got.length > sent.length) return call.hasUnknownOperation;
  return got.every((op, i) => op === sent[i] || (op === OP_ILLEGAL && i === got.length - 1));
}

function checkStatusListed(call: Call, compound: Compound, emit: FactSink): void {
  const index = compound.count - 1;
  const operation = compound.ops[index]!;
  const status = compound.statuses[index]!;
  const listed = call.channel === "fore" ? validErrors(operation, call.minorVersion) : validCallbackErrors(operation);
  if (listed.size > 0 && !listed.has(status)) emit("status-not-listed", { call, operation, status });
}
