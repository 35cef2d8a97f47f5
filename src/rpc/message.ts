/** The header of an RPC message. RFC 5531 §9. */
import {
  AUTH_BODY_MAX,
  AUTH_ERROR,
  CALL,
  MSG_ACCEPTED,
  MSG_DENIED,
  PROG_MISMATCH,
  REPLY,
  RPC_MISMATCH,
  RPC_VERSION,
  SUCCESS,
  SYSTEM_ERR,
} from "./constants.ts";
import { padded, u32 } from "./u32.ts";

/** Why a header was refused; `""` when it was not. `short`: the bytes end inside it. */
export type HeaderProblem =
  | ""
  | "short"
  | "msg_type"
  | "rpcvers"
  | "auth body over 400 bytes"
  | "reply_stat"
  | "accept_stat"
  | "reject_stat";

/**
 * One RPC header, filled again and again by `parseHeader`. Offsets are physical positions in the parsed bytes.
 * After a refusal the fields before `problemOffset` hold (`xid` and `type` are there in all but the shortest).
 */
export class RpcHeader {
  problem: HeaderProblem = "";
  /** Where the refused field starts. */
  problemOffset = 0;
  xid = 0;
  /** CALL or REPLY; -1 when the bytes end before it. */
  type = -1;

  program = 0;
  version = 0;
  procedure = 0;
  credFlavor = -1;
  credStart = 0;
  credLength = 0;

  /** -1 in a denied reply, which has no verifier. */
  verfFlavor = -1;
  verfStart = 0;
  verfLength = 0;

  /** -1 in calls, and so are the next three wherever they do not apply. */
  replyStat = -1;
  acceptStat = -1;
  rejectStat = -1;
  authStat = -1;
  /** Supported versions, of PROG_MISMATCH and RPC_MISMATCH. */
  mismatchLow = 0;
  mismatchHigh = 0;

  /** First byte of the arguments, or of the results of an accepted SUCCESS; else where the header ends. */
  bodyStart = 0;
}

/** Reads the header of the message in `bytes[start, end)`; false and `into.problem` when it is none. */
export function parseHeader(bytes: Uint8Array, start: number, end: number, into: RpcHeader): boolean {
  into.problem = "";
  into.type = -1;
  into.credFlavor = -1;
  into.verfFlavor = -1;
  into.replyStat = -1;
  into.acceptStat = -1;
  into.rejectStat = -1;
  into.authStat = -1;
  into.bodyStart = end;
  if (end - start < 8) return refuse(into, "short", start);
  into.xid = u32(bytes, start);
  const type = u32(bytes, start + 4);
  if (type > REPLY) return refuse(into, "msg_type", start + 4);
  into.type = type;
  return type === CALL ? parseCall(bytes, start + 8, end, into) : parseReply(bytes, start + 8, end, into);
}

function parseCall(bytes: Uint8Array, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 4) return refuse(into, "short", at);
  if (u32(bytes, at) !== RPC_VERSION) return refuse(into, "rpcvers", at);
  if (end - at < 24) return refuse(into, "short", at + 4);
  into.program = u32(bytes, at + 4);
  into.version = u32(bytes, at + 8);
  into.procedure = u32(bytes, at + 12);
  const credLength = u32(bytes, at + 20);
  if (credLength > AUTH_BODY_MAX) return refuse(into, "auth body over 400 bytes", at + 20);
  const credStart = at + 24;
  const verf = credStart + padded(credLength);
  if (verf > end) return refuse(into, "short", credStart);
  into.credFlavor = u32(bytes, at + 16);
  into.credStart = credStart;
  into.credLength = credLength;
  const body = parseVerifier(bytes, verf, end, into);
  if (body < 0) return false;
  into.bodyStart = body;
  return true;
}

function parseReply(bytes: Uint8Array, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 4) return refuse(into, "short", at);
  const replyStat = u32(bytes, at);
  if (replyStat > MSG_DENIED) return refuse(into, "reply_stat", at);
  into.replyStat = replyStat;
  return replyStat === MSG_ACCEPTED ? parseAccepted(bytes, at + 4, end, into) : parseDenied(bytes, at + 4, end, into);
}

function parseAccepted(bytes: Uint8Array, at: number, end: number, into: RpcHeader): boolean {
  const stat = parseVerifier(bytes, at, end, into);
  if (stat < 0) return false;
  if (end - stat < 4) return refuse(into, "short", stat);
  const acceptStat = u32(bytes, stat);
  if (acceptStat > SYSTEM_ERR) return refuse(into, "accept_stat", stat);
  into.acceptStat = acceptStat;
  if (acceptStat === SUCCESS) {
    into.bodyStart = stat + 4;
    return true;
  }
  return acceptStat === PROG_MISMATCH ? parseMismatch(bytes, stat + 4, end, into) : endsAt(into, stat + 4);
}

function parseDenied(bytes: Uint8Array, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 4) return refuse(into, "short", at);
  const rejectStat = u32(bytes, at);
  if (rejectStat > AUTH_ERROR) return refuse(into, "reject_stat", at);
  into.rejectStat = rejectStat;
  if (rejectStat === RPC_MISMATCH) return parseMismatch(bytes, at + 4, end, into);
  if (end - at < 8) return refuse(into, "short", at + 4);
  into.authStat = u32(bytes, at + 4);
  return endsAt(into, at + 8);
}

function parseMismatch(bytes: Uint8Array, at: number, end: number, into: RpcHeader): boolean {
  if (end - at < 8) return refuse(into, "short", at);
  into.mismatchLow = u32(bytes, at);
  into.mismatchHigh = u32(bytes, at + 4);
  return endsAt(into, at + 8);
}

/** Returns where the verifier's padding ends, -1 when it was refused. */
function parseVerifier(bytes: Uint8Array, at: number, end: number, into: RpcHeader): number {
  if (end - at < 8) {
    refuse(into, "short", at);
    return -1;
  }
  const length = u32(bytes, at + 4);
  if (length > AUTH_BODY_MAX) {
    refuse(into, "auth body over 400 bytes", at + 4);
    return -1;
  }
  const after = at + 8 + padded(length);
  if (after > end) {
    refuse(into, "short", at + 8);
    return -1;
  }
  into.verfFlavor = u32(bytes, at);
  into.verfStart = at + 8;
  into.verfLength = length;
  return after;
}

function endsAt(into: RpcHeader, at: number): boolean {
  into.bodyStart = at;
  return true;
}

function refuse(into: RpcHeader, problem: HeaderProblem, at: number): boolean {
  into.problem = problem;
  into.problemOffset = at;
  return false;
}
