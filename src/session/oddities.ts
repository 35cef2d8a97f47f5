import {
  EXCHGID4_FLAG_USE_PNFS_DS,
  NFS4ERR_BADSESSION,
  NFS4ERR_MINOR_VERS_MISMATCH,
  NFS4ERR_NOTSUPP,
  NFS4ERR_OP_ILLEGAL,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_TOO_MANY_OPS,
  OP_GETXATTR,
  OP_REMOVEXATTR,
} from "../nfs4/constants.ts";
import type { Call, Reply } from "./call.ts";
import type { ChannelAttributes } from "./channel-attributes.ts";
import type { FactSink } from "./facts.ts";
import type { FormFaultKind } from "./form-fault.ts";
import type { ObservedSession } from "./observed-session.ts";

/** Statuses by which a replier refuses something for its size. RFC 8881 §2.10.6.4, §18.36.3 */
const SIZE_STATUSES: ReadonlySet<number> = new Set([
  NFS4ERR_TOO_MANY_OPS,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
]);

/**
 * Tells what is odd about the form or the size of a compound whose reply is in, or will not come. What the call itself
 * tells was worked out before; healthy traffic costs a few comparisons.
 */
export function tellOddities(call: Call, emit: FactSink): void {
  const { formFault, reply, session } = call;
  if (formFault !== null) emit("compound-form", { call, fault: formFault });
  if (reply !== null && reply.status > 0) tellRefusal(call, reply, emit);
  if (session === null) return;
  if (call.channel === "fore") tellMisfit(call, session, emit);
  const { granted } = session.attributes(call.channel);
  if (granted !== null && isBeyond(call, granted)) emit("channel-limits", { call, granted });
}

/** Refusals that tell of the compound's form what the call alone does not. */
function tellRefusal(call: Call, reply: Reply, emit: FactSink): void {
  const { status, results } = reply;
  if (status === NFS4ERR_MINOR_VERS_MISMATCH && call.formFault?.kind !== "minor-version")
    tell(call, "minor-version", -1, [status], emit);
  // RFC 8276 added four operations to minor version 2.
  if (status !== NFS4ERR_OP_ILLEGAL) return;
  const index = results.numbers.length - 1;
  const operation = call.operations.numbers[index] ?? -1;
  if (operation >= OP_GETXATTR && operation <= OP_REMOVEXATTR && call.minorVersion === 2)
    tell(call, "extension-refused", index, [NFS4ERR_NOTSUPP, NFS4ERR_OP_ILLEGAL], emit);
}

/** What does not go together with the session. */
function tellMisfit(call: Call, session: ObservedSession, emit: FactSink): void {
  if (session.minorVersion !== call.minorVersion && call.reply?.status !== NFS4ERR_BADSESSION)
    tell(call, "minor-version-mixed", 0, [], emit);
  if (call.formFault !== null) return;
  if (session.client?.roles !== EXCHGID4_FLAG_USE_PNFS_DS) return;
  const fault = call.operations.dataServerFaults[call.minorVersion] ?? null;
  if (fault !== null) emit("compound-form", { call, fault });
}

function tell(call: Call, kind: FormFaultKind, index: number, statuses: readonly number[], emit: FactSink): void {
  const operation = index < 0 ? -1 : (call.operations.numbers[index] ?? -1);
  emit("compound-form", { call, fault: { kind, index, operation, statuses } });
}

function isBeyond({ reply, cachethis, length, operationCount, askedBytes }: Call, granted: ChannelAttributes): boolean {
  const replyMax = cachethis
    ? Math.min(granted.maxResponseSize, granted.maxResponseSizeCached)
    : granted.maxResponseSize;
  if (length > granted.maxRequestSize || operationCount > granted.maxOperations || askedBytes > replyMax) return true;
  return reply !== null && (reply.length > replyMax || (reply.status > 0 && SIZE_STATUSES.has(reply.status)));
}
