import {
  NFS4ERR_REP_TOO_BIG,
  NFS4ERR_REP_TOO_BIG_TO_CACHE,
  NFS4ERR_REQ_TOO_BIG,
  NFS4ERR_TOO_MANY_OPS,
  OP_ACCESS,
  OP_CLOSE,
  OP_COMMIT,
  OP_CREATE,
  OP_DELEGRETURN,
  OP_FREE_STATEID,
  OP_GETATTR,
  OP_GETFH,
  OP_LINK,
  OP_LOCKU,
  OP_LOOKUP,
  OP_LOOKUPP,
  OP_NVERIFY,
  OP_OPEN_DOWNGRADE,
  OP_PUTFH,
  OP_PUTPUBFH,
  OP_PUTROOTFH,
  OP_READ,
  OP_READDIR,
  OP_RECLAIM_COMPLETE,
  OP_REMOVE,
  OP_RENAME,
  OP_RESTOREFH,
  OP_SAVEFH,
  OP_SEQUENCE,
  OP_SETATTR,
  OP_VERIFY,
  OP_WRITE,
} from "../nfs4/constants.ts";
import type { Call } from "../session/call.ts";
import type { ChannelAttributes } from "../session/channel-attributes.ts";
import type { Report, RuleContext } from "./rule.ts";
import { exchangeReport } from "./whole-answer.ts";

/** Room for each result besides the counted data: more than any of those below takes. */
const ROOM_FOR_RESULT = 1024;

/** Operations whose results have a bound of their own, or are bounded by a count in the arguments. */
const BOUNDED: ReadonlySet<number> = new Set([
  OP_ACCESS,
  OP_CLOSE,
  OP_COMMIT,
  OP_CREATE,
  OP_DELEGRETURN,
  OP_FREE_STATEID,
  OP_GETATTR,
  OP_GETFH,
  OP_LINK,
  OP_LOCKU,
  OP_LOOKUP,
  OP_LOOKUPP,
  OP_NVERIFY,
  OP_OPEN_DOWNGRADE,
  OP_PUTFH,
  OP_PUTPUBFH,
  OP_PUTROOTFH,
  OP_READ,
  OP_READDIR,
  OP_RECLAIM_COMPLETE,
  OP_REMOVE,
  OP_RENAME,
  OP_RESTOREFH,
  OP_SAVEFH,
  OP_SEQUENCE,
  OP_SETATTR,
  OP_VERIFY,
  OP_WRITE,
]);

/** ACLs and lists of locations have no bound: acl, fs_locations; dacl, sacl. What follows is left out as a whole. */
const UNBOUNDED_ATTRIBUTES = [(1 << 12) | (1 << 24), (1 << 26) | (1 << 27), -1] as const;

/** The replier says so itself. RFC 8881 §2.10.6.4 */
export function isReplyTooBig(status: number | undefined): boolean {
  return status === NFS4ERR_REP_TOO_BIG || status === NFS4ERR_REP_TOO_BIG_TO_CACHE;
}

/** Which limit of the channel a reply exceeds, and how far it may before that is more than a note. */
interface Exceeded {
  readonly attribute: string;
  readonly limit: number;
  readonly slack: number;
  /** What should have come instead. */
  readonly status: number;
}

/** A reply that is too long, and was sent all the same. */
export function overlongReport(call: Call, bytes: number, { attribute, limit, slack, status }: Exceeded): Report {
  const report = exchangeReport(call, `the reply has ${bytes} bytes, where ${attribute} is ${limit}`, {
    status: [status],
  });
  return { ...report, severity: bytes <= limit + slack ? "note" : "error" };
}

/** Why a refusal for size cannot be right, in words; null where it is, or may be. */
export function wrongRefusal(call: Call, granted: ChannelAttributes, argsOf: RuleContext["argsOf"]): string | null {
  // What answers a retry was meant for the original, which may have been another request.
  if (call.original !== null) return null;
  switch (call.reply?.status) {
    case NFS4ERR_TOO_MANY_OPS:
      return within(call.operationCount, granted.maxOperations, "operations");
    case NFS4ERR_REQ_TOO_BIG:
      return within(call.length, granted.maxRequestSize, "bytes");
    case NFS4ERR_REP_TOO_BIG:
      return unneeded(call, granted.maxResponseSize, argsOf);
    case NFS4ERR_REP_TOO_BIG_TO_CACHE:
      if (!call.cachethis) return "sa_cachethis was clear";
      return unneeded(call, Math.min(granted.maxResponseSizeCached, granted.maxResponseSize), argsOf);
    default:
      return null;
  }
}

function within(size: number, limit: number, unit: string): string | null {
  return size <= limit ? `it has ${size} ${unit}, and ${limit} were granted` : null;
}

function unneeded(call: Call, limit: number, argsOf: RuleContext["argsOf"]): string | null {
  const most = longestReply(call, argsOf);
  return most <= limit ? `its reply has no more than ${most} bytes, and ${limit} were granted` : null;
}

/** Bytes that no reply to the call exceeds; Infinity where the call does not tell. */
function longestReply(call: Call, argsOf: RuleContext["argsOf"]): number {
  const { operations, hasUnknownOperation, truncated, askedBytes } = call;
  const { numbers } = operations;
  if (hasUnknownOperation || truncated || !numbers.every((op) => BOUNDED.has(op))) return Number.POSITIVE_INFINITY;
  const isShort = numbers.every((op, index) => op !== OP_GETATTR || asksForShort(argsOf(call, index)));
  return isShort ? numbers.length * ROOM_FOR_RESULT + askedBytes : Number.POSITIVE_INFINITY;
}

/** `args` is null where a later call has taken the place of this one: then it is not known. */
function asksForShort(args: unknown): boolean {
  const { attr_request } = (args ?? {}) as { attr_request?: readonly number[] };
  if (attr_request === undefined) return false;
  return attr_request.every((word, index) => (word & (UNBOUNDED_ATTRIBUTES[index] ?? -1)) === 0);
}
